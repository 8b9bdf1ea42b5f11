// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ISettlementErrors} from "../interfaces/ISettlementErrors.sol";
import {ISettlementEvents} from "../interfaces/ISettlementEvents.sol";
import {Calendar} from "../pure/Calendar.sol";
import {Lines, Split} from "../pure/Split.sol";
import {Epoch, State} from "../state/State.sol";
import {Account, AccountWord} from "../types/Account.sol";
import {DUTY, FEES, INSURANCE, PLATFORM} from "../types/Accounts.sol";
import {CAMPAIGN} from "../types/Channels.sol";
import {OrderPlan} from "../types/Plan.sol";
import {Terms} from "../types/Terms.sol";
import {Activity} from "./Activity.sol";
import {Batches, Selection} from "./Batches.sol";
import {Campaigns} from "./Campaigns.sol";
import {Ledger} from "./Ledger.sol";
import {OrderCare} from "./OrderCare.sol";
import {OrderPages} from "./OrderPages.sol";
import {SupportWeights} from "./SupportWeights.sol";

/// @title Settling: escrow becomes the lines of the split (rules, sections 4 and 5)
library Settling {
    using OrderPages for mapping(uint256 => uint256);

    /// @dev What a call gathers in memory, and the page of orders that it is working on.
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
        uint256 fees;
        uint256 duty;
        uint256 insurance;
        uint256 platform;
        uint256 fund;
        uint256 dividend;
        uint256 supportWeight;
        uint256 dividendWeight;
        // page
        uint256 page;
        uint256 day;
        uint256 settled;
        uint256 onDay;
        uint256 held;
    }

    /// @notice Settles orders, all or none, in the order given; settled ones are passed over.
    /// Errors: UnknownOrder, OrderClosed, OrderHeld, CampaignPending, CampaignFailed, NotDelivered, ReturnWindowOpen.
    function settle(State storage s, uint256 today, Selection[] calldata selections) external {
        Run memory run;
        run.today = today;
        run.month = Calendar.month(today);
        run.year = Calendar.year(today);
        run.version = type(uint256).max;
        run.page = type(uint256).max;
        Terms memory t;
        for (uint256 i = 0; i < selections.length; ++i) {
            Selection calldata sel = selections[i];
            uint256[] memory orders = Batches.open(s, sel);
            for (uint256 k = 0; k < orders.length; ++k) {
                t.amounts = sel.words[2 * k];
                t.parties = sel.words[2 * k + 1];
                _settleOne(s, run, orders[k], sel.deliveredOn, t);
            }
        }
        _turnPage(s, run, type(uint256).max, 0);
        _post(s, run);
    }

    function _settleOne(State storage s, Run memory run, uint256 order, uint256 day, Terms memory t) private {
        if (run.page != order >> 8 || run.day != day) _turnPage(s, run, order >> 8, day);
        uint256 bit = OrderPages.bit(order);
        if (run.settled & bit != 0) return;
        if (run.version != t.plan()) {
            run.version = t.plan();
            run.plan = s.plans[run.version].order;
        }
        _requireDue(s, run, order, bit, t);

        uint256 net = t.net();
        Lines memory l = run.lines;
        Split.split(t, run.plan, net, l);
        run.settled |= bit;
        unchecked {
            // sums of at most 2^24 amounts below 2^48
            run.escrow += net;
            run.fees += l.fees;
            run.fund += l.fund;
            run.dividend += l.dividend;
            run.platform += l.platform;
        }
        emit ISettlementEvents.OrderSettled(order, net, l.fees, l.fund, l.dividend, l.platform);
        _payPartners(s, run, order, t, l);
        if (t.seller() != 0) _paySeller(s, run, order, net, t, l);
    }

    /// @dev The lines of others than the seller.
    function _payPartners(State storage s, Run memory run, uint256 order, Terms memory t, Lines memory l) private {
        if (l.supply != 0) {
            emit ISettlementEvents.SupplyPaid(order, t.supplier(), l.supply);
            run.repaid += Ledger.credit(s, t.supplier(), l.supply);
        }
        if (l.duty | l.insurance != 0) {
            run.duty += l.duty;
            run.insurance += l.insurance;
            emit ISettlementEvents.DutyAndInsurancePaid(order, l.duty, l.insurance);
        }
        if (l.region != 0) {
            emit ISettlementEvents.RegionPaid(order, t.partner(), l.region);
            run.repaid += Ledger.credit(s, t.partner(), l.region);
        }
        if (l.host != 0) {
            emit ISettlementEvents.HostPaid(order, t.partner(), l.host);
            run.repaid += Ledger.credit(s, t.partner(), l.host);
        }
        if (l.store != 0) {
            emit ISettlementEvents.StorePaid(order, t.partner(), l.store);
            run.repaid += Ledger.credit(s, t.partner(), l.store);
        }
        if (l.team != 0) {
            emit ISettlementEvents.TeamPaid(order, t.leader(), l.team);
            run.repaid += Ledger.credit(s, t.leader(), l.team);
        }
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
            Account a = s.accounts[seller];
            if (a.has(AccountWord.IN_DEBT)) {
                run.repaid += Ledger.credit(s, seller, own);
                a = s.accounts[seller];
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
            s.accounts[seller] = a;
            if (net >= run.plan.activityPrice && !a.has(AccountWord.ACTIVE)) Activity.activate(s, seller, order);
        }
    }

    /// @dev The holdback goes to the deposit, debt first; the rest is credited.
    function _payService(State storage s, Run memory run, uint256 order, uint256 seller, uint256 service) private {
        uint256 heldBack = service * run.plan.holdbackBps / 10_000;
        emit ISettlementEvents.ServicePaid(order, seller, service, heldBack);
        if (heldBack != 0) {
            run.repaid += Ledger.addDeposit(s, seller, heldBack);
            s.cold[seller].lockedUntil = uint32(run.today + run.plan.depositLockDays);
        }
        run.repaid += Ledger.credit(s, seller, service - heldBack);
    }

    /// @dev The checks, in the order of the rules' table.
    function _requireDue(State storage s, Run memory run, uint256 order, uint256 bit, Terms memory t) private view {
        bool deliveredThen = run.onDay & bit != 0;
        if (t.net() == 0 || (!deliveredThen && s.dropped.has(order))) revert ISettlementErrors.OrderClosed(order);
        if (run.held & bit != 0) {
            uint256 lapses = OrderCare.holdLapses(s, order);
            if (run.today < lapses) revert ISettlementErrors.OrderHeld(order, lapses);
        }
        if (t.channel() == CAMPAIGN) _requireCampaignOver(s, run.today, order, t.campaign());
        if (!deliveredThen) {
            if (!s.delivered.has(order)) revert ISettlementErrors.NotDelivered(order);
            revert ISettlementErrors.WrongDeliveryDay(order, run.day);
        }
        unchecked {
            uint256 due = run.day + run.plan.returnDays + 1;
            if (run.today < due) revert ISettlementErrors.ReturnWindowOpen(order, due);
        }
    }

    /// @dev Won, or failed and delivered all the same.
    function _requireCampaignOver(State storage s, uint256 today, uint256 order, uint256 campaign) private view {
        if (Campaigns.won(s, campaign, order)) return;
        if (!Campaigns.over(s, today, campaign)) revert ISettlementErrors.CampaignPending(order, campaign);
        if (!s.delivered.has(order)) revert ISettlementErrors.CampaignFailed(order, campaign);
    }

    /// @dev Stores what was settled of the page at hand and reads the next one.
    function _turnPage(State storage s, Run memory run, uint256 page, uint256 day) private {
        if (run.page != type(uint256).max) s.settled[run.page] = run.settled;
        run.page = page;
        run.day = day;
        if (page == type(uint256).max) return;
        run.settled = s.settled[page];
        run.held = s.held[page];
        // a day that is no day of the calendar holds no deliveries
        run.onDay = day < 2 ** 32 ? s.deliveredOn[OrderPages.onDay(day, page)] : 0;
    }

    /// @dev Totals of the call into the book, the brand's accounts and the pools.
    function _post(State storage s, Run memory run) private {
        if (run.escrow == 0) return;
        run.repaid += Ledger.credit(s, FEES, run.fees) + Ledger.credit(s, DUTY, run.duty)
            + Ledger.credit(s, INSURANCE, run.insurance) + Ledger.credit(s, PLATFORM, run.platform);
        s.book.escrow -= uint88(run.escrow);
        Ledger.intoTreasury(s, run.repaid);
        if (run.fund | run.supportWeight != 0) {
            Epoch storage month = s.support.epochs[run.month];
            month.gathered = Ledger.fit64(month.gathered + run.fund);
            month.weight += uint96(run.supportWeight);
        }
        if (run.dividend | run.dividendWeight != 0) {
            Epoch storage year = s.dividend.epochs[run.year];
            year.gathered = Ledger.fit64(year.gathered + run.dividend);
            year.weight += uint96(run.dividendWeight);
        }
    }
}
