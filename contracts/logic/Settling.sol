// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Arrays} from "@openzeppelin/contracts/utils/Arrays.sol";
import {ISettlementErrors} from "../interfaces/ISettlementErrors.sol";
import {ISettlementEvents} from "../interfaces/ISettlementEvents.sol";
import {Calendar} from "../pure/Calendar.sol";
import {Deliveries} from "../pure/Deliveries.sol";
import {Lines, Split} from "../pure/Split.sol";
import {AccountSlot, State} from "../state/State.sol";
import {Account, AccountWord} from "../types/Account.sol";
import {CAMPAIGN, CROSS_BORDER} from "../types/Channels.sol";
import {OrderPlan} from "../types/OrderPlan.sol";
import {Terms} from "../types/Terms.sol";
import {Activity} from "./Activity.sol";
import {Batches, Selection} from "./Batches.sol";
import {BrandAccounts, BrandAmounts} from "./BrandAccounts.sol";
import {Campaigns} from "./Campaigns.sol";
import {Ledger} from "./Ledger.sol";
import {OrderCare} from "./OrderCare.sol";
import {OrderStatus} from "./OrderStatus.sol";
import {PoolBook} from "./PoolBook.sol";
import {SupportWeights} from "./SupportWeights.sol";

/// @title Settling: escrow becomes the lines of the split (rules, sections 4 and 5)
library Settling {
    /// @dev What a call gathers in memory, and the batch and page of orders that it is working on.
    struct Run {
        uint256 today;
        uint256 month;
        uint256 year;
        uint256 version;
        OrderPlan plan;
        Lines lines;
        // totals
        uint256 escrow;
        uint256 repaid;
        BrandAmounts brand;
        uint256 fund;
        uint256 dividend;
        uint256 supportWeight;
        uint256 dividendWeight;
        // batch: bit i is order `first + i`
        uint256 ripe;
        uint256 settled;
        // page
        uint256 page;
        uint256 status;
        uint256 statusBefore;
    }

    /// @notice Calls `settle` with the selections as they came in: encoding them anew would cost a single order 1 400.
    /// @dev Offsets within an array count from its start, so a copy is as good wherever it lies. Whatever `settle` reverts with
    /// is passed on.
    // slither-disable-next-line assembly,controlled-delegatecall,low-level-calls (a library of our own, linked for good)
    function settleAsSent(State storage s, uint256 today, Selection[] calldata selections) internal {
        bytes4 selector = Settling.settle.selector;
        address library_ = address(Settling);
        assembly ("memory-safe") {
            let free := mload(0x40)
            let from := sub(selections.offset, 0x20)
            let size := sub(calldatasize(), from)
            mstore(free, selector)
            mstore(add(free, 0x04), s.slot)
            mstore(add(free, 0x24), today)
            mstore(add(free, 0x44), 0x60)
            calldatacopy(add(free, 0x64), from, size)
            if iszero(delegatecall(gas(), library_, free, add(0x64, size), 0, 0)) {
                returndatacopy(free, 0, returndatasize())
                revert(free, returndatasize())
            }
        }
    }

    /// @notice Settles orders, all or none, in the order given; settled ones are passed over.
    /// Errors: UnknownOrder, OrderClosed, OrderHeld, CampaignPending, CampaignFailed, NotDelivered, ReturnWindowOpen.
    function settle(State storage s, uint256 today, Selection[] calldata selections) external {
        // slither-disable-next-line uninitialized-local (all totals start at 0)
        Run memory run;
        run.today = today;
        run.month = Calendar.month(today);
        run.year = Calendar.year(today);
        run.version = type(uint256).max;
        run.page = type(uint256).max;
        // slither-disable-next-line uninitialized-local (read from the words, order by order)
        Terms memory t;
        for (uint256 i = 0; i < selections.length; ++i) {
            Selection calldata sel = selections[i];
            (uint256[] memory orders, uint256[] calldata words, uint256[] calldata deliveries) = Batches.open(s, sel);
            Batches.read(words, 0, t);
            _beginBatch(s, run, t.plan(), deliveries);
            for (uint256 k = 0; k < orders.length; ++k) {
                Batches.read(words, k, t);
                _settleOne(s, run, sel, Arrays.unsafeMemoryAccess(orders, k), t);
            }
            if (run.settled != 0) emit ISettlementEvents.OrdersSettled(sel.first, run.settled);
        }
        _turnPage(s, run, type(uint256).max);
        _post(s, run);
    }

    /// @dev All orders of a batch are under the same plan version, so one day says whose return window is over.
    function _beginBatch(State storage s, Run memory run, uint256 version, uint256[] calldata deliveries) private view {
        if (run.version != version) {
            run.version = version;
            run.plan = s.plans[version].order;
        }
        run.settled = 0;
        uint256 window = run.plan.returnDays();
        run.ripe = run.today > window ? Deliveries.upTo(deliveries, run.today - window - 1) : 0;
    }

    function _settleOne(State storage s, Run memory run, Selection calldata sel, uint256 order, Terms memory t) private {
        if (run.page != OrderStatus.pageOf(order)) _turnPage(s, run, OrderStatus.pageOf(order));
        uint256 bit = OrderStatus.bit(order);
        uint256 mark = OrderStatus.mark(bit);
        if (run.status & bit != 0) {
            if (run.status & mark != 0) revert ISettlementErrors.OrderClosed(order);
            return;
        }
        uint256 net = t.net();
        uint256 member;
        unchecked {
            member = 1 << (order - sel.first);
        }
        bool plain = run.ripe & member != 0 && run.status & mark == 0 && t.channel() != CAMPAIGN;
        if (!plain) _requireReady(s, run, sel, order, t);

        Lines memory l = run.lines;
        Split.split(t, run.plan, net, l);
        // a hold that has lapsed ends here
        run.status = (run.status | bit) & ~mark;
        run.settled |= member;
        unchecked {
            // sums of at most 2^24 amounts below 2^48
            run.escrow += net;
            run.brand.fees += l.fees;
            run.brand.platform += l.platform;
            run.fund += l.fund;
            run.dividend += l.dividend;
        }
        _payPartners(s, run, order, t, l);
        if (t.seller() != 0) _paySeller(s, run, order, net, t, l);
    }

    /// @dev The lines of others than the seller.
    function _payPartners(State storage s, Run memory run, uint256 order, Terms memory t, Lines memory l) private {
        uint256 repaid = 0;
        unchecked {
            if (l.supply != 0) {
                emit ISettlementEvents.SupplyPaid(order, t.supplier(), l.supply);
                repaid += Ledger.credit(s, t.supplier(), l.supply);
            }
            if (l.team != 0) {
                emit ISettlementEvents.TeamPaid(order, t.leader(), l.team);
                repaid += Ledger.credit(s, t.leader(), l.team);
            }
            if (t.partner() != 0) repaid += _payPartner(s, order, t.partner(), l);
            if (t.channel() == CROSS_BORDER) {
                run.brand.duty += l.duty;
                run.brand.insurance += l.insurance;
            }
            if (repaid != 0) run.repaid += repaid;
        }
    }

    /// @dev The line of the region's holder, the host or the store, whichever the channel has.
    function _payPartner(State storage s, uint256 order, uint256 partner, Lines memory l) private returns (uint256) {
        if (l.region != 0) {
            emit ISettlementEvents.RegionPaid(order, partner, l.region);
            return Ledger.credit(s, partner, l.region);
        }
        if (l.host != 0) {
            emit ISettlementEvents.HostPaid(order, partner, l.host);
            return Ledger.credit(s, partner, l.host);
        }
        if (l.store != 0) {
            emit ISettlementEvents.StorePaid(order, partner, l.store);
            return Ledger.credit(s, partner, l.store);
        }
        return 0;
    }

    /// @dev The seller's lines, then its weights, then its activity.
    function _paySeller(State storage s, Run memory run, uint256 order, uint256 net, Terms memory t, Lines memory l)
        private
    {
        uint256 seller = t.seller();
        if (l.service != 0) _payService(s, run, order, seller, l.service);
        if (l.direct != 0) emit ISettlementEvents.DirectPaid(order, seller, l.direct);
        if (l.guide != 0) emit ISettlementEvents.GuidePaid(order, seller, l.guide);
        unchecked {
            uint256 own = l.direct + l.guide;
            AccountSlot storage slot = Ledger.account(s, seller);
            Account a = slot.word;
            if (a.has(AccountWord.IN_DEBT)) {
                run.repaid += Ledger.credit(s, seller, own);
                a = slot.word;
            } else {
                a = a.plus(own);
            }
            if (t.leader() != 0) {
                a = SupportWeights.add(s, seller, a, run.month, own);
                run.supportWeight += own;
            }
            if (a.has(AccountWord.DIAMOND)) {
                s.dividend.weights[run.year][seller] += net;
                run.dividendWeight += net;
            }
            slot.word = a;
            if (net >= run.plan.activityPrice() && !a.has(AccountWord.ACTIVE)) Activity.activate(s, seller, order);
        }
    }

    /// @dev The holdback goes to the deposit, debt first; the rest is credited.
    function _payService(State storage s, Run memory run, uint256 order, uint256 seller, uint256 service) private {
        uint256 heldBack = service * run.plan.holdbackBps() / 10_000;
        emit ISettlementEvents.ServicePaid(order, seller, service, heldBack);
        if (heldBack != 0) {
            run.repaid += Ledger.addDeposit(s, seller, heldBack);
            s.cold[seller].lockedUntil = uint32(run.today + run.plan.depositLockDays());
        }
        run.repaid += Ledger.credit(s, seller, service - heldBack);
    }

    /// @dev The checks of an order that is not closed, in the order of the rules' table.
    function _requireReady(State storage s, Run memory run, Selection calldata sel, uint256 order, Terms memory t)
        private
        view
    {
        if (run.status & OrderStatus.mark(OrderStatus.bit(order)) != 0) {
            uint256 lapses = OrderCare.holdLapses(s, order);
            if (run.today < lapses) revert ISettlementErrors.OrderHeld(order, lapses);
        }
        (bool delivered, uint256 day) = Deliveries.dayOf(sel.deliveries, order - sel.first);
        if (t.channel() == CAMPAIGN) _requireCampaignOver(s, run.today, order, t.campaign(), delivered);
        if (!delivered) revert ISettlementErrors.NotDelivered(order);
        uint256 due = day + run.plan.returnDays() + 1;
        if (run.today < due) revert ISettlementErrors.ReturnWindowOpen(order, due);
    }

    /// @dev Won, or failed and delivered all the same.
    function _requireCampaignOver(State storage s, uint256 today, uint256 order, uint256 campaign, bool delivered)
        private
        view
    {
        if (Campaigns.won(s, campaign, order)) return;
        if (!Campaigns.over(s, today, campaign)) revert ISettlementErrors.CampaignPending(order, campaign);
        if (!delivered) revert ISettlementErrors.CampaignFailed(order, campaign);
    }

    /// @dev Stores what was settled of the page at hand and reads the next one.
    function _turnPage(State storage s, Run memory run, uint256 page) private {
        if (run.status != run.statusBefore) s.status[run.page] = run.status;
        run.page = page;
        if (page == type(uint256).max) return;
        run.status = s.status[page];
        run.statusBefore = run.status;
    }

    /// @dev Totals of the call into the book, the brand's accounts and the pools.
    function _post(State storage s, Run memory run) private {
        if (run.escrow == 0) return;
        BrandAmounts memory b = run.brand;
        emit ISettlementEvents.BrandLinesPaid(b.fees, b.duty, b.insurance, b.platform, run.fund, run.dividend);
        run.repaid += BrandAccounts.credit(s, b);
        s.book.escrow -= uint88(run.escrow);
        Ledger.intoTreasury(s, run.repaid);
        PoolBook.gather(s, run.month, run.year, run.fund, run.dividend, run.supportWeight);
        if (run.dividendWeight != 0) s.dividend.epochs[run.year].weight += uint96(run.dividendWeight);
    }
}
