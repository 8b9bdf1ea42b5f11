// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Lines, Split} from "../../../contracts/pure/Split.sol";
import {CAMPAIGN, CROSS_BORDER, RETAIL, STORE} from "../../../contracts/types/Channels.sol";
import {OrderPlan} from "../../../contracts/types/OrderPlan.sol";
import {Terms} from "../../../contracts/types/Terms.sol";
import {Test} from "forge-std/Test.sol";
import {Lemmas} from "./Lemmas.sol";

/// @title Proofs of the split's bytecode, for all terms that recording admits and all net prices (Halmos)
/// @notice The unknowns are both words of the terms, every rate of the plan, and the net price. Assumed is what recording
/// checks (PriceBelowCost, a price above 0), what publishing checks (rates ≤ 10 000), that refunds never pass the price,
/// and the lemmas. Proved of each channel is section 6.2 of the rules: the lines sum to the net price, each is at most the
/// net price (so that nothing wraps, neither here nor where up to 240 of them are added), the selling commission is at most
/// the cap, and the cap at most the margin. Lines that the channel or the terms do not have are 0.
contract SplitProof is Test {
    struct Unknowns {
        uint256 amounts;
        uint256 parties;
        OrderPlan plan;
        uint256 net;
    }

    function check_retail(Unknowns memory u) public pure {
        (Terms memory t, Lines memory l) = _split(u, RETAIL);
        assert(_none(l.host | l.guide | l.store | l.duty | l.insurance | l.service));
        assert(t.partner() != 0 || l.region == 0);
    }

    function check_campaign(Unknowns memory u) public pure {
        (Terms memory t, Lines memory l) = _split(u, CAMPAIGN);
        assert(_none(l.region | l.guide | l.store | l.duty | l.insurance | l.service));
        assert(t.partner() != t.seller() || l.host == 0);
    }

    function check_store(Unknowns memory u) public pure {
        (Terms memory t, Lines memory l) = _split(u, STORE);
        assert(_none(l.region | l.host | l.direct | l.duty | l.insurance | l.service));
        assert(t.seller() != 0 || l.guide == 0);
    }

    function check_crossBorder(Unknowns memory u) public pure {
        (, Lines memory l) = _split(u, CROSS_BORDER);
        assert(_none(l.region | l.host | l.guide | l.store));
    }

    /// @dev The split of what recording admits; proves what holds of every channel.
    function _split(Unknowns memory u, uint256 channel) private pure returns (Terms memory t, Lines memory l) {
        t = Terms((u.amounts & (2 ** 240 - 1)) | (channel << 240), u.parties);
        OrderPlan p = u.plan;
        uint256 net = u.net;
        vm.assume(t.price() != 0);
        vm.assume(net <= t.price());
        _assumeRates(t.rate(), p);
        _assumeAdmitted(t, p.serviceBps(), net, channel);
        Split.split(t, p, net, l);
        _assumeShares(p, net, l);
        unchecked {
            uint256 costs = l.supply + l.fees + l.duty + l.insurance + l.service;
            uint256 commission = _slot(l) + l.team;
            assert(_all(_pair(l.supply <= net, l.fees <= net), _pair(l.duty <= net, l.insurance <= net), costs <= net));
            assert(_all(_pair(l.direct <= net, l.region <= net), _pair(l.host <= net, l.guide <= net), l.store <= net));
            assert(_all(l.service <= net, l.team <= net, commission <= net * p.capBps() / 10_000));
            assert(_all(commission <= net - costs, _pair(l.fund <= net, l.dividend <= net), l.platform <= net));
            assert(costs + commission + l.fund + l.dividend + l.platform == net);
        }
        if (t.leader() == 0) assert(l.team == 0);
    }

    function _assumeRates(uint256 rate, OrderPlan p) private pure {
        vm.assume(rate <= 10_000);
        vm.assume(p.teamBps() <= 10_000);
        vm.assume(p.capBps() <= 10_000);
        vm.assume(p.fundBps() <= 10_000);
        vm.assume(p.dividendBps() <= 10_000);
        vm.assume(p.regionBps() <= 10_000);
        vm.assume(p.hostBps() <= 10_000);
        vm.assume(p.guideBps() <= 10_000);
        vm.assume(p.serviceBps() <= 10_000);
    }

    /// @dev What recording checks of the costs, and what follows of them at a lower net price.
    function _assumeAdmitted(Terms memory t, uint256 serviceBps, uint256 net, uint256 channel) private pure {
        unchecked {
            if (channel == CROSS_BORDER) {
                vm.assume(Lemmas.share(t.price(), serviceBps));
                uint256 costs = t.cost() + t.fees() + t.duty() + t.insurance();
                vm.assume(costs + t.price() * serviceBps / 10_000 <= t.price());
                uint256[4] memory x = [t.cost(), t.fees(), t.duty(), t.insurance()];
                vm.assume(Lemmas.crossBorderCosts(x, serviceBps, net, t.price()));
            } else {
                vm.assume(t.cost() + t.fees() <= t.price());
                vm.assume(Lemmas.domesticCosts(t.cost(), t.fees(), net, t.price()));
            }
        }
    }

    /// @dev Of whatever the split multiplies by a rate and subtracts from: the slot, the rest, and the rest less the fund,
    /// which are sums of lines by definition.
    function _assumeShares(OrderPlan p, uint256 net, Lines memory l) private pure {
        unchecked {
            vm.assume(Lemmas.share(net, p.capBps()));
            vm.assume(Lemmas.share(_slot(l), p.hostBps()));
            vm.assume(Lemmas.share(_slot(l), p.guideBps()));
            vm.assume(Lemmas.share(l.fund + l.dividend + l.platform, p.fundBps()));
            vm.assume(Lemmas.share(l.dividend + l.platform, p.dividendBps()));
        }
    }

    function _slot(Lines memory l) private pure returns (uint256) {
        unchecked {
            return l.direct + l.region + l.host + l.guide + l.store;
        }
    }

    function _none(uint256 lines) private pure returns (bool) {
        return lines == 0;
    }

    function _all(bool a, bool b, bool c) private pure returns (bool) {
        return _pair(_pair(a, b), c);
    }

    /// @dev Both, without a branch: each would double the paths of the proof.
    function _pair(bool a, bool b) private pure returns (bool both) {
        assembly ("memory-safe") {
            both := and(a, b)
        }
    }
}
