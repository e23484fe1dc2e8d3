package io.streamforge.controlplane.gateway;

/** What can be done with a dead letter. */
public enum LetterAction {
    /** It passes as it is, by the operator's name. */
    APPROVE,
    /** It passes with another value, by the operator's name. */
    EDIT,
    /** It is done with. */
    DISCARD,
    /** Its stage judges or delivers it again. */
    REPROCESS
}
