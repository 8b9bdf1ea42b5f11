// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Test} from "forge-std/Test.sol";
import {Lemmas} from "./Lemmas.sol";

/// @title What the proofs assume is true on the machine
contract LemmasTest is Test {
    function testFuzz_share(uint256 x, uint256 bps) public pure {
        assertTrue(Lemmas.share(x, bps));
        assertTrue(Lemmas.share(x % 2 ** 48, bps % 10_001));
    }

    function testFuzz_domesticCosts(uint256 a, uint256 b, uint256 n, uint256 p) public pure {
        assertTrue(Lemmas.domesticCosts(a, b, n, p));
        p = 1 + p % (2 ** 48 - 1);
        a %= p + 1;
        assertTrue(Lemmas.domesticCosts(a, b % (p - a + 1), n % (p + 1), p));
    }

    /// @notice The costs are drawn so that now and then nothing is left of the price, where rounding matters.
    function testFuzz_crossBorderCosts(uint256[4] memory x, uint256 bps, uint256 n, uint256 p, bool tight) public pure {
        assertTrue(Lemmas.crossBorderCosts(x, bps, n, p));
        p = 1 + p % (tight ? 10_000 : 2 ** 48 - 1);
        bps %= 10_001;
        uint256 left = p - p * bps / 10_000;
        for (uint256 i = 0; i < 3; ++i) {
            x[i] %= left + 1;
            left -= x[i];
        }
        x[3] = tight ? left : x[3] % (left + 1);
        assertTrue(Lemmas.crossBorderCosts(x, bps, n % (p + 1), p));
    }
}
