package io.streamforge.routes;

/** The closed list of keys that the gateway's log lines carry. */
public final class LogKeys {

    /** A route's id in the plan. */
    public static final String ROUTE = "route";
    /** A template's {@code name@version}, or its file where it has none. */
    public static final String TEMPLATE = "template";
    /** A plan's hash. */
    public static final String PLAN_HASH = "planHash";
    /** A deployment revision's number. */
    public static final String REVISION = "revision";
    /** Why something happened, a sentence. */
    public static final String REASON = "reason";
    /** The gateway's id. */
    public static final String GATEWAY = "gateway";
    /** The fingerprint of the gateway's key. */
    public static final String FINGERPRINT = "fingerprint";
    /** An address: host and port or URL without user and query. */
    public static final String ADDRESS = "address";
    /** A command's id. */
    public static final String COMMAND = "command";
    /** A command's type. */
    public static final String COMMAND_TYPE = "commandType";
    /** When the next attempt will be made, a duration from now. */
    public static final String RETRY_IN = "retryIn";
    /** How many of what the message names. */
    public static final String COUNT = "count";
    /** How long what the message names took, in milliseconds. */
    public static final String TOOK_MS = "tookMs";
    /** A record's place, {@code topic-partition-offset}. */
    public static final String RECORD = "record";
    /** A file or folder. */
    public static final String FILE = "file";

    private LogKeys() {}
}
