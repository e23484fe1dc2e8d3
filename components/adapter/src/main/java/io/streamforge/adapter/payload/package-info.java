/** How sources whose devices speak JSON, tables or texts find readings in what they were given. */
@NullMarked
package io.streamforge.adapter.payload;

import org.jspecify.annotations.NullMarked;
