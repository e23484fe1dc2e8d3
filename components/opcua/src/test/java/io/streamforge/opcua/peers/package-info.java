/** OPC UA servers that somebody else wrote, for the tests here and end to end. */
@NullMarked
package io.streamforge.opcua.peers;

import org.jspecify.annotations.NullMarked;
