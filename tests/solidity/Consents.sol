// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title The digests of what wallets sign (EIP-712), worked out from the published type strings
library Consents {
    /// @return The domain separator of a settlement contract on a chain.
    function domain(uint256 chainId, address settlement) internal pure returns (bytes32) {
        return keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("Liandong"),
                keccak256("1"),
                chainId,
                settlement
            )
        );
    }

    /// @return The digest of a consent to join.
    function join(bytes32 domain_, address wallet, uint256 introducer, uint256 region, uint256 deadline)
        internal
        pure
        returns (bytes32)
    {
        bytes32 kind = keccak256("Join(address wallet,uint256 introducer,uint256 region,uint256 deadline)");
        return _digest(domain_, keccak256(abi.encode(kind, wallet, introducer, region, deadline)));
    }

    /// @return The digest of a new wallet's consent to take an account over.
    function takeOver(bytes32 domain_, uint256 participant, address wallet, uint256 deadline)
        internal
        pure
        returns (bytes32)
    {
        bytes32 kind = keccak256("TakeOver(uint256 participant,address wallet,uint256 deadline)");
        return _digest(domain_, keccak256(abi.encode(kind, participant, wallet, deadline)));
    }

    /// @return The digest of an owner's order to withdraw.
    function withdrawal(bytes32 domain_, uint256 account, uint256 amount, uint256 nonce, uint256 deadline)
        internal
        pure
        returns (bytes32)
    {
        bytes32 kind = keccak256("Withdrawal(uint256 account,uint256 amount,uint256 nonce,uint256 deadline)");
        return _digest(domain_, keccak256(abi.encode(kind, account, amount, nonce, deadline)));
    }

    function _digest(bytes32 domain_, bytes32 message) private pure returns (bytes32) {
        return keccak256(abi.encodePacked(hex"1901", domain_, message));
    }
}
