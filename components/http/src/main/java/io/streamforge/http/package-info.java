/**
 * Camel component {@code http-push:}: an HTTP server in the gateway to which devices and systems post readings.
 *
 * <p>It stands on Apache HttpCore's asynchronous server, which camel-http brings into the gateway anyway: a request that waits for the stream
 * costs a connection and its body, no thread. One thread serves all connections of an address, one per adapter delivers.
 */
@NullMarked
package io.streamforge.http;

import org.jspecify.annotations.NullMarked;
