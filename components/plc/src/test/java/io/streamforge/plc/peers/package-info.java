/** PLCs that somebody else wrote, for the tests here and end to end. */
@NullMarked
package io.streamforge.plc.peers;

import org.jspecify.annotations.NullMarked;
