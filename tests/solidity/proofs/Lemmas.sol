// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Facts about floor division that the proofs of the split assume
/// @notice Halmos takes the product and the quotient of two unknowns for unknowns themselves, because no solver divides words
/// of 256 bits in general. What the split needs to know of them is stated here and proved over the integers in
/// `lemmas.smt2`. Each returns true whatever it is given: what it is about is part of it. A fuzz test (LemmasTest) holds
/// that against the real machine, so that nothing false can be assumed.
library Lemmas {
    uint256 private constant AMOUNTS = 2 ** 48;
    uint256 private constant ONE = 10_000;

    /// @return x < 2^48 and bps ≤ 10 000 → ⌊x · bps / 10 000⌋ ≤ x.
    function share(uint256 x, uint256 bps) internal pure returns (bool) {
        unchecked {
            return _implies(_and(x < AMOUNTS, bps <= ONE), x * bps / ONE <= x);
        }
    }

    /// @return All amounts below 2^48, 0 < p, n ≤ p and a + b ≤ p → ⌊a·n/p⌋ + ⌊b·n/p⌋ ≤ n, both non-negative.
    function domesticCosts(uint256 a, uint256 b, uint256 n, uint256 p) internal pure returns (bool) {
        unchecked {
            bool given = _and(_and(0 < p, p < AMOUNTS), _and(n <= p, _and(a <= p, _and(b <= p, a + b <= p))));
            if (p == 0) return true;
            uint256 x = a * n / p;
            uint256 y = b * n / p;
            return _implies(given, _and(_and(x <= n, y <= n), x + y <= n));
        }
    }

    /// @return All amounts below 2^48, 0 < p, n ≤ p, bps ≤ 10 000 and a + b + c + d + ⌊p·bps/10 000⌋ ≤ p
    /// → ⌊a·n/p⌋ + ⌊b·n/p⌋ + ⌊c·n/p⌋ + ⌊d·n/p⌋ + ⌊n·bps/10 000⌋ ≤ n, all five non-negative.
    function crossBorderCosts(uint256[4] memory x, uint256 bps, uint256 n, uint256 p) internal pure returns (bool) {
        if (p == 0) return true;
        unchecked {
            uint256 fee = p * bps / ONE;
            bool given = _and(_and(p < AMOUNTS, n <= p), _and(bps <= ONE, fee <= p));
            given = _and(given, _and(_and(x[0] <= p, x[1] <= p), _and(x[2] <= p, x[3] <= p)));
            given = _and(given, x[0] + x[1] + x[2] + x[3] + fee <= p);

            (uint256 q, uint256 r, uint256 s, uint256 t) = (x[0] * n / p, x[1] * n / p, x[2] * n / p, x[3] * n / p);
            uint256 service = n * bps / ONE;
            bool follows = _and(_and(_and(q <= n, r <= n), _and(s <= n, t <= n)), service <= n);
            return _implies(given, _and(follows, q + r + s + t + service <= n));
        }
    }

    /// @dev Without branches, because each would double the paths of a proof.
    function _implies(bool a, bool b) private pure returns (bool c) {
        assembly ("memory-safe") {
            c := or(iszero(a), b)
        }
    }

    function _and(bool a, bool b) private pure returns (bool c) {
        assembly ("memory-safe") {
            c := and(a, b)
        }
    }
}
