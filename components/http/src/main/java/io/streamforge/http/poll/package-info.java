/** Camel component {@code http-poll:}: asks a service for a JSON document at an interval, and finds readings in it. */
@NullMarked
package io.streamforge.http.poll;

import org.jspecify.annotations.NullMarked;
