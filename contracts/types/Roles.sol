// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @dev Roles of the hot path, one bit each; an address holds one at most.
uint256 constant OPERATOR = 1;
uint256 constant RISK = 2;
uint256 constant TREASURER = 4;
uint256 constant GUARDIAN = 8;

/// @dev Parts that are paused apart, one bit each.
uint256 constant RECORDING = 1;
uint256 constant SETTLING = 2;
uint256 constant WITHDRAWING = 4;
