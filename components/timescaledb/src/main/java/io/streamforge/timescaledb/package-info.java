/** The sink to TimescaleDB and plain PostgreSQL: each batch in one transaction, each record once. */
@NullMarked
package io.streamforge.timescaledb;

import org.jspecify.annotations.NullMarked;
