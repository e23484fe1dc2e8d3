/** What a gateway says about itself over HTTP: health and metrics. */
@NullMarked
package io.streamforge.routes.http;

import org.jspecify.annotations.NullMarked;
