/** {@code bench codec}: what reading and patching a record costs on the binary path, beside Avro's own. */
@NullMarked
package io.streamforge.it.bench.codec;

import org.jspecify.annotations.NullMarked;
