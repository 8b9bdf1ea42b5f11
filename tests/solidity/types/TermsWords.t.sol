// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Test} from "forge-std/Test.sol";
import {Terms, TermsWords} from "../../../contracts/types/Terms.sol";

/// @notice The two words of an order's terms: every field is read where the type documents it; fixing keeps what the
/// operator says and replaces the rest
contract TermsWordsTest is Test {
    struct Fields {
        uint48 price;
        uint48 cost;
        uint48 fees;
        uint48 duty;
        uint48 insurance;
        uint8 channel;
        uint32 seller;
        uint32 supplier;
        uint32 partner;
        uint32 campaign;
        uint32 leader;
        uint48 refunded;
        uint16 rate;
        uint16 plan;
        uint16 day;
    }

    function testFuzz_EveryFieldIsReadBack(Fields memory f) public pure {
        _assertFields(Terms(_amounts(f), _parties(f)), f);
    }

    function testFuzz_FixingReplacesWhatIsNotTheOperators(Fields memory given, Fields memory f) public pure {
        (f.seller, f.supplier, f.campaign) = (given.seller, given.supplier, given.campaign);
        f.refunded = 0;
        uint256 fixed_ = TermsWords.fix(_parties(given), f.partner, f.leader, f.rate, f.plan, f.day);
        _assertFields(Terms(_amounts(f), fixed_), f);
    }

    function testFuzz_TheNetPriceIsThePriceLessRefunds(Fields memory f) public pure {
        f.refunded = uint48(bound(f.refunded, 0, f.price));
        assertEq(Terms(_amounts(f), _parties(f)).net(), f.price - f.refunded);
    }

    function testFuzz_TheShipToRegionStandsInTheLeadersPlace(Fields memory f) public pure {
        assertEq(Terms(0, _parties(f)).shipTo(), f.leader);
    }

    function _amounts(Fields memory f) private pure returns (uint256) {
        return uint256(f.price) | (uint256(f.cost) << 48) | (uint256(f.fees) << 96) | (uint256(f.duty) << 144)
            | (uint256(f.insurance) << 192) | (uint256(f.channel) << 240);
    }

    function _parties(Fields memory f) private pure returns (uint256) {
        return uint256(f.seller) | (uint256(f.supplier) << 32) | (uint256(f.partner) << 64)
            | (uint256(f.campaign) << 96) | (uint256(f.leader) << 128) | (uint256(f.refunded) << 160)
            | (uint256(f.rate) << 208) | (uint256(f.plan) << 224) | (uint256(f.day) << 240);
    }

    function _assertFields(Terms memory t, Fields memory f) private pure {
        assertEq(t.price(), f.price, "price");
        assertEq(t.cost(), f.cost, "cost");
        assertEq(t.fees(), f.fees, "fees");
        assertEq(t.duty(), f.duty, "duty");
        assertEq(t.insurance(), f.insurance, "insurance");
        assertEq(t.channel(), f.channel, "channel");
        assertEq(t.seller(), f.seller, "seller");
        assertEq(t.supplier(), f.supplier, "supplier");
        assertEq(t.partner(), f.partner, "partner");
        assertEq(t.campaign(), f.campaign, "campaign");
        assertEq(t.leader(), f.leader, "leader");
        assertEq(t.refunded(), f.refunded, "refunded");
        assertEq(t.rate(), f.rate, "rate");
        assertEq(t.plan(), f.plan, "plan");
        assertEq(t.day(), f.day, "day");
    }
}
