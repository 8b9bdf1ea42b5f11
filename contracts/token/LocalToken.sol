// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";

/// @title The settlement token of the embedded chain
/// @notice One unit is 0.01 yuan (1 分). For local chains and trials only: whoever owns it mints at will.
contract LocalToken is ERC20, ERC20Permit, Ownable {
    constructor(address owner_) ERC20("Liandong Local Yuan", "LDY") ERC20Permit("Liandong Local Yuan") Ownable(owner_) {}

    /// @return Two: amounts are minor units.
    function decimals() public pure override returns (uint8) {
        return 2;
    }

    /// @notice Makes tokens out of nothing.
    function mint(address to, uint256 amount) external onlyOwner {
        _mint(to, amount);
    }
}
