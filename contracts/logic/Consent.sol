// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {ISettlementErrors} from "../interfaces/ISettlementErrors.sol";

/// @title What wallets consent to by signature (EIP-712), plain ones and contract wallets (ERC-1271)
/// @notice Each message binds chain, contract and a deadline. A consent to join or to take over an account can be used once,
/// because a wallet belongs to a participant once, for good; withdrawals carry a nonce of the account.
abstract contract Consent is EIP712 {
    bytes32 private constant JOIN =
        keccak256("Join(address wallet,uint256 introducer,uint256 region,uint256 deadline)");
    bytes32 private constant TAKE_OVER = keccak256("TakeOver(uint256 participant,address wallet,uint256 deadline)");
    bytes32 private constant WITHDRAWAL =
        keccak256("Withdrawal(uint256 account,uint256 amount,uint256 nonce,uint256 deadline)");

    constructor() EIP712("Liandong", "1") {}

    function _requireJoinConsent(
        address wallet,
        uint256 introducer,
        uint256 region,
        uint256 deadline,
        bytes calldata signature
    ) internal view {
        _requireSigned(wallet, keccak256(abi.encode(JOIN, wallet, introducer, region, deadline)), deadline, signature);
    }

    function _requireWalletConsent(uint256 participant, address wallet, uint256 deadline, bytes calldata signature)
        internal
        view
    {
        _requireSigned(wallet, keccak256(abi.encode(TAKE_OVER, participant, wallet, deadline)), deadline, signature);
    }

    function _requireWithdrawalConsent(
        address owner,
        uint256 account,
        uint256 amount,
        uint256 nonce,
        uint256 deadline,
        bytes calldata signature
    ) internal view {
        _requireSigned(
            owner, keccak256(abi.encode(WITHDRAWAL, account, amount, nonce, deadline)), deadline, signature
        );
    }

    function _requireSigned(address wallet, bytes32 message, uint256 deadline, bytes calldata signature) private view {
        // a proposer can move the time by seconds; deadlines are minutes at least
        // slither-disable-next-line timestamp
        if (block.timestamp > deadline) revert ISettlementErrors.SignatureExpired(deadline);
        if (!SignatureChecker.isValidSignatureNowCalldata(wallet, _hashTypedDataV4(message), signature)) {
            revert ISettlementErrors.InvalidSignature(wallet);
        }
    }
}
