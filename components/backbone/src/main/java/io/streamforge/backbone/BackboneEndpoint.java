package io.streamforge.backbone;

import org.apache.camel.Consumer;
import org.apache.camel.MultipleConsumersSupport;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultEndpoint;

/** {@code backbone:<topic[,topic…]>}: the setters Camel needs; what they say becomes {@link ConsumerOptions} as soon as a consumer is made. */
public final class BackboneEndpoint extends DefaultEndpoint implements MultipleConsumersSupport {

    private final BackboneComponent component;
    private final String topics;
    private String groupId = "";
    private boolean exactlyOnce = true;
    private long commitIntervalMs = 100;
    private int maxPollRecords = 5000;
    private long tickMs = 1000;
    private boolean warmUp = true;
    private String poisonTopic = "";
    private String retryTopic = "";
    private String startFrom = "earliest";

    BackboneEndpoint(String uri, BackboneComponent component, String topics) {
        super(uri, component);
        this.component = component;
        this.topics = topics;
    }

    @Override
    public Consumer createConsumer(Processor processor) throws Exception {
        ConsumerOptions options = ConsumerOptions.parse(
                topics,
                groupId,
                exactlyOnce,
                commitIntervalMs,
                maxPollRecords,
                tickMs,
                warmUp,
                poisonTopic,
                retryTopic,
                startFrom);
        StreamConsumer consumer = new StreamConsumer(this, processor, component, options);
        configureConsumer(consumer);
        return consumer;
    }

    @Override
    public Producer createProducer() {
        if (topics.isBlank() || topics.contains(",")) {
            throw new IllegalArgumentException("Endpoint '%s': a producer writes to exactly one topic, got '%s'."
                    .formatted(getEndpointUri(), topics));
        }
        return new StreamProducer(this, component.clients(), component.sources(), topics);
    }

    /** Each route has a group of its own: windows of two lengths may be made of the same finer ones, and a replay reads what the live route does. */
    @Override
    public boolean isMultipleConsumersSupported() {
        return true;
    }

    /** Consumer: the group whose offsets are kept; the route id if left out. */
    public void setGroupId(String groupId) {
        this.groupId = groupId;
    }

    /** Consumer: outputs and offsets in one Kafka transaction (true), or at least once (false). */
    public void setExactlyOnce(boolean exactlyOnce) {
        this.exactlyOnce = exactlyOnce;
    }

    /** Consumer: how long results may wait for their commit, milliseconds, 10 to 1000. */
    public void setCommitIntervalMs(long commitIntervalMs) {
        this.commitIntervalMs = commitIntervalMs;
    }

    /** Consumer: most records in one batch, 1 to 50000. */
    public void setMaxPollRecords(int maxPollRecords) {
        this.maxPollRecords = maxPollRecords;
    }

    /** Consumer: an empty batch is delivered when nothing arrived for so many milliseconds; 0 for never. */
    public void setTickMs(long tickMs) {
        this.tickMs = tickMs;
    }

    /** Consumer: re-read from the noted warm offset after an assignment, so that the stage rebuilds its state. */
    public void setWarmUp(boolean warmUp) {
        this.warmUp = warmUp;
    }

    /** Consumer: where a record goes that the route refuses whenever it is tried alone; without it the route keeps failing. */
    public void setPoisonTopic(String poisonTopic) {
        this.poisonTopic = poisonTopic;
    }

    /**
     * Consumer: a topic of the route's own that is read beside the others, made when the route starts: where records are put that are to be
     * tried again although the route has gone on.
     */
    public void setRetryTopic(String retryTopic) {
        this.retryTopic = retryTopic;
    }

    /** Consumer: where a group without a position begins at its very first start: {@code earliest} or {@code latest}. */
    public void setStartFrom(String startFrom) {
        this.startFrom = startFrom;
    }
}
