/** The embedded stream: one process with an Apache Kafka KRaft broker and a schema registry that speaks Confluent's REST API. */
@NullMarked
package io.streamforge.broker;

import org.jspecify.annotations.NullMarked;
