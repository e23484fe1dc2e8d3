package io.streamforge.controlplane.gateway;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What a gateway can be asked to do. */
public enum CommandType {
    @JsonProperty("watch-tags")
    WATCH_TAGS,
    @JsonProperty("read-history")
    READ_HISTORY,
    @JsonProperty("restart-route")
    RESTART_ROUTE,
    @JsonProperty("replay")
    REPLAY,
    @JsonProperty("cancel-replay")
    CANCEL_REPLAY,
    @JsonProperty("test-connection")
    TEST_CONNECTION,
    @JsonProperty("browse")
    BROWSE,
    @JsonProperty("dlq-decision")
    DLQ_DECISION,
    @JsonProperty("write-point")
    WRITE_POINT,
    @JsonProperty("call-method")
    CALL_METHOD,
    @JsonProperty("list-alarms")
    LIST_ALARMS,
    @JsonProperty("answer-alarm")
    ANSWER_ALARM,
    @JsonProperty("list-certificates")
    LIST_CERTIFICATES,
    @JsonProperty("decide-certificate")
    DECIDE_CERTIFICATE,
    @JsonProperty("plan-changed")
    PLAN_CHANGED
}
