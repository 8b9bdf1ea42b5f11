// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @dev Numbers of the brand's own accounts (rules, section 1). Participants are numbered from FIRST_PARTICIPANT.
uint256 constant PLATFORM = 1;
uint256 constant FEES = 2;
uint256 constant DUTY = 3;
uint256 constant INSURANCE = 4;
uint256 constant PROTECTION = 5;
/// @dev The treasury has no account word; the number only names it in withdrawals.
uint256 constant TREASURY = 6;
uint256 constant FIRST_PARTICIPANT = 16;
