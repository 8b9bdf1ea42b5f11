// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @dev How an order was sold (rules, section 3). Small numbers, because they are packed into the terms.
uint256 constant RETAIL = 0;
uint256 constant CAMPAIGN = 1;
uint256 constant STORE = 2;
uint256 constant CROSS_BORDER = 3;
