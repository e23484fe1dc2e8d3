package io.streamforge.opcua;

import org.eclipse.milo.opcua.stack.core.security.SecurityPolicy;

/** The security policies that are still held to be safe, and none (OPC 10000-7 §6.6.161 and following). */
enum Policy {
    NONE("none", SecurityPolicy.None),
    BASIC256_SHA256("Basic256Sha256", SecurityPolicy.Basic256Sha256),
    AES128_SHA256_RSA_OAEP("Aes128_Sha256_RsaOaep", SecurityPolicy.Aes128_Sha256_RsaOaep),
    AES256_SHA256_RSA_PSS("Aes256_Sha256_RsaPss", SecurityPolicy.Aes256_Sha256_RsaPss);

    private final String key;
    private final SecurityPolicy policy;

    Policy(String key, SecurityPolicy policy) {
        this.key = key;
        this.policy = policy;
    }

    String key() {
        return key;
    }

    SecurityPolicy policy() {
        return policy;
    }
}
