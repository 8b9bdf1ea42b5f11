// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Account} from "../types/Account.sol";
import {Participant} from "../types/Participant.sol";
import {OpenPools} from "../types/OpenPools.sol";
import {OrderPlan} from "../types/OrderPlan.sol";
import {TierPlan} from "../types/Plan.sol";
import {Till} from "../types/Till.sol";

/// @notice Totals that most steps touch. One slot.
/// @param treasury Minor units that are free to pay orders with.
/// @param escrow Minor units of recorded orders that are neither settled nor given back.
/// @param orders How many orders were recorded; the last order number.
/// @param plan The version in force.
/// @param paused Bits of the parts that are paused.
struct Book {
    uint88 treasury;
    uint88 escrow;
    uint40 orders;
    uint16 plan;
    uint8 paused;
}

/// @notice How many agents became active below an agent. One slot, made when the first one does.
struct Progress {
    uint32 activeDirects;
    uint32 teamActive;
}

/// @notice What is rarely touched of an account. One slot.
/// @param lockedUntil The day from which the deposit can be taken back.
struct Cold {
    uint64 deposit;
    uint64 debt;
    uint32 lockedUntil;
}

/// @notice A group buy (`target` above 0) or a live presale. One slot.
/// @param deadline The last day on which it is open.
struct Campaign {
    bool open;
    bool presale;
    uint64 target;
    uint64 count;
    uint32 deadline;
}

/// @notice A plan version: what orders keep of it, and what is read from the version in force. Two slots.
struct Plan {
    OrderPlan order;
    TierPlan tiers;
}

/// @notice A month of the support pool or a year of the dividend pool, once it is over. One slot.
/// @dev Of the current year only the dividend weights are here.
/// @param gathered Minor units gathered so far; from closing on, the pool that is shared.
/// @param weight All weights.
/// @param left From closing on: what is not claimed yet.
/// @param capBps Of the dividend, at closing: the most that one agent gets of the pool.
struct Epoch {
    uint64 gathered;
    uint96 weight;
    uint64 left;
    uint16 capBps;
}

/// @notice The slot of an account, so that it is looked up once to be read and written.
struct AccountSlot {
    Account word;
}

/// @notice The slot of a batch, so that it is looked up once to be read and written.
struct BatchSlot {
    bytes32 word;
}

/// @notice The days on which a month and a year were closed last. One slot.
struct Closings {
    uint32 month;
    uint32 year;
}

/// @notice How far the pools are closed, as it is shown; stored in `OpenPools` and `Closings`.
/// @param monthsClosed How many months are closed; the oldest open one.
/// @param monthClosedOn The day of the last closing of a month. Years likewise.
struct PoolClock {
    uint32 monthsClosed;
    uint32 monthClosedOn;
    uint32 yearsClosed;
    uint32 yearClosedOn;
}

/// @notice A pool: its epochs, the weights that no account word holds, and who has claimed.
/// @dev `weights` and `claimed` are keyed by epoch; `claimed` is a bitmap over participant numbers.
struct Pool {
    mapping(uint256 epoch => Epoch) epochs;
    mapping(uint256 epoch => mapping(uint256 agent => uint256)) weights;
    mapping(uint256 epoch => mapping(uint256 page => uint256)) claimed;
}

/// @notice All that the settlement contract stores; its libraries work on it.
/// @dev Arrays of 2^32 instead of mappings save a hash at every access. `batches` commits to the terms of a batch's orders and
/// to their days of delivery; only the operator's steps change it, so that nobody else can come between them. Bitmaps are
/// pages of 256 order numbers; `status` has pages of 128 and repeats of open orders whether they are held (`OrderStatus`).
struct State {
    Book book;
    mapping(address holder => uint256) roles;
    mapping(uint256 version => Plan) plans;
    // people
    Participant[2 ** 32] participants;
    mapping(uint256 agent => Progress) progress;
    mapping(address wallet => uint256) participantOf;
    uint256 participantCount;
    mapping(uint256 region => uint256) holderOf;
    mapping(uint256 participant => uint256) nonces;
    // money
    AccountSlot[2 ** 32] accounts;
    mapping(uint256 account => Cold) cold;
    Till till;
    Closings closed;
    OpenPools open;
    Pool support;
    Pool dividend;
    // orders
    mapping(uint256 first => BatchSlot) batches;
    mapping(uint256 page => uint256) status;
    mapping(uint256 page => uint256) held;
    mapping(uint256 page => uint256) balancePaid;
    mapping(uint256 page => uint256) insuranceClaimed;
    mapping(uint256 order => uint256) firstHeld;
    mapping(uint256 order => uint256) compensated;
    mapping(uint256 campaign => Campaign) campaigns;
}
