// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";

/// @title Who may administer, and after what delay
/// @notice OpenZeppelin's AccessManager as it is: it guards publishPlan, setRole and unpause of the settlement contract.
contract Authority is AccessManager {
    constructor(address admin) AccessManager(admin) {}
}
