package io.streamforge.validate;

/**
 * Why a reading may not pass.
 *
 * @param code stable, as dead letters carry it
 * @param reason the sentence for a person
 */
record Refusal(String code, String reason) {}
