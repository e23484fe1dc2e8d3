package io.streamforge.opcua;

import org.eclipse.milo.opcua.stack.core.types.enumerated.MessageSecurityMode;

/** What is done to each message where there is a security policy. */
enum MessageSecurity {
    SIGN("sign", MessageSecurityMode.Sign),
    SIGN_AND_ENCRYPT("sign-and-encrypt", MessageSecurityMode.SignAndEncrypt);

    private final String key;
    private final MessageSecurityMode mode;

    MessageSecurity(String key, MessageSecurityMode mode) {
        this.key = key;
        this.mode = mode;
    }

    String key() {
        return key;
    }

    MessageSecurityMode mode() {
        return mode;
    }
}
