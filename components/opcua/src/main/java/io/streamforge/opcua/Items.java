package io.streamforge.opcua;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.eclipse.milo.opcua.sdk.client.OpcUaClient;
import org.eclipse.milo.opcua.sdk.client.subscriptions.MonitoredItemServiceOperationResult;
import org.eclipse.milo.opcua.sdk.client.subscriptions.OpcUaMonitoredItem;
import org.eclipse.milo.opcua.sdk.client.subscriptions.OpcUaSubscription;
import org.eclipse.milo.opcua.stack.core.NodeIds;
import org.eclipse.milo.opcua.stack.core.StatusCodes;
import org.eclipse.milo.opcua.stack.core.UaException;
import org.eclipse.milo.opcua.stack.core.types.builtin.ExpandedNodeId;
import org.eclipse.milo.opcua.stack.core.types.builtin.NodeId;
import org.eclipse.milo.opcua.stack.core.types.builtin.StatusCode;
import org.eclipse.milo.opcua.stack.core.types.builtin.Variant;
import org.eclipse.milo.opcua.stack.core.types.builtin.unsigned.Unsigned;
import org.eclipse.milo.opcua.stack.core.types.enumerated.DataChangeTrigger;
import org.eclipse.milo.opcua.stack.core.types.enumerated.DeadbandType;
import org.eclipse.milo.opcua.stack.core.types.structured.CallMethodRequest;
import org.eclipse.milo.opcua.stack.core.types.structured.DataChangeFilter;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A subscription on the server with an item for each point; made anew whenever the server has forgotten it. */
final class Items {

    private static final Logger LOG = LoggerFactory.getLogger(Items.class);

    /** So many keep-alives make a subscription's lifetime (Milo's own proportion; OPC 10000-4 §5.14.2 asks for at least 3). */
    private static final int KEEP_ALIVES_PER_LIFETIME = 5;

    /** Alarms that the server keeps between two publishings; one refresh tells all that stand at once. */
    private static final int ALARM_QUEUE = 10_000;

    /** Is told of points that the server does not monitor. */
    interface Refusals {
        void refused(List<Point> points, String reason) throws InterruptedException;
    }

    private final OpcUaClient client;
    private final Publishing publishing;
    private final OpcUaConfig config;
    private final Book book;
    private final Refusals refusals;
    private final OpcUaSubscription subscription;
    private final Handles handles = new Handles();
    private final Set<Point> monitored = new HashSet<>();
    private boolean alarmsMonitored;
    private volatile @Nullable String alarmFault;

    Items(Client client, OpcUaConfig config, Book book, Refusals refusals) {
        this.client = client.milo();
        this.publishing = client.publishing();
        this.config = config;
        this.book = book;
        this.refusals = refusals;
        this.subscription = new OpcUaSubscription(this.client);
        subscription.setPublishingInterval((double) config.publishingInterval().toMillis());
        subscription.setTargetKeepAliveInterval((double) config.sessionTimeout().toMillis() / KEEP_ALIVES_PER_LIFETIME);
    }

    /** By which the values of {@link Publishing.Receiver} are known. */
    Handles handles() {
        return handles;
    }

    /** Makes the subscription and its items, as many at a time as the server takes. */
    void create(OpcUaSubscription.SubscriptionListener listener, Publishing.Receiver receiver)
            throws UaException, InterruptedException {
        subscription.setSubscriptionListener(listener);
        subscription.create();
        publishing.publish(
                subscription.getSubscriptionId().orElseThrow(),
                subscription.getRevisedPublishingInterval().orElseThrow()
                        * (subscription
                                        .getRevisedMaxKeepAliveCount()
                                        .orElseThrow()
                                        .longValue()
                                + 1),
                receiver);
        monitorAlarms();
        monitor(book.points());
    }

    private void monitorAlarms() throws UaException {
        ExpandedNodeId notifier = config.alarms();
        if (notifier == null) {
            return;
        }
        Optional<NodeId> node = notifier.toNodeId(client.getNamespaceTable());
        StatusCode status = new StatusCode(StatusCodes.Bad_NodeIdUnknown);
        if (node.isPresent()) {
            OpcUaMonitoredItem item = OpcUaMonitoredItem.newEventItem(node.get(), AlarmFields.filter());
            item.setQueueSize(Unsigned.uint(ALARM_QUEUE));
            subscription.addMonitoredItem(item);
            subscription.createMonitoredItems();
            status = item.getCreateResult().orElse(StatusCode.BAD);
            if (status.isBad()) {
                subscription.removeMonitoredItem(item);
            }
        }
        alarmsMonitored = status.isGood();
        if (alarmsMonitored) {
            refreshAlarms();
        } else {
            refuseAlarms(status, "of node %s are not told".formatted(notifier.toParseableString()));
        }
    }

    /** Has the server tell of each alarm that stands, to be done whenever one may have been missed; nothing where none are asked for. */
    void refreshAlarms() throws UaException {
        if (!alarmsMonitored) {
            return;
        }
        StatusCode status = client.call(List.of(new CallMethodRequest(
                        NodeIds.ConditionType, NodeIds.ConditionType_ConditionRefresh, new Variant[] {
                            Variant.of(subscription.getSubscriptionId().orElseThrow())
                        })))
                .getResults()[0]
                .getStatusCode();
        if (status.isBad() && status.value() != StatusCodes.Bad_RefreshInProgress) {
            refuseAlarms(status, "that stand already are not told");
        } else {
            alarmFault = null;
        }
    }

    private void refuseAlarms(StatusCode status, String what) {
        book.count(Codes.text(status));
        alarmFault = "alarms %s: %s".formatted(what, Codes.text(status));
    }

    /** Why not all alarms come, as a sentence; empty if they do. */
    Optional<String> alarmFault() {
        return Optional.ofNullable(alarmFault);
    }

    /** Tries once more what was refused. */
    void retry() throws UaException, InterruptedException {
        List<Point> refused = book.points().stream()
                .filter(point -> !monitored.contains(point))
                .toList();
        if (!refused.isEmpty()) {
            client.readNamespaceTable();
            subscription.removeMonitoredItems(subscription.getMonitoredItems().stream()
                    .filter(item -> item.getSyncState() == OpcUaMonitoredItem.SyncState.INITIAL)
                    .toList());
            monitor(refused);
        }
        if (alarmFault != null && alarmsMonitored) {
            refreshAlarms();
        } else if (alarmFault != null) {
            client.readNamespaceTable();
            monitorAlarms();
        }
    }

    private void monitor(List<Point> points) throws UaException, InterruptedException {
        List<Point> homeless = new ArrayList<>();
        List<OpcUaMonitoredItem> added = new ArrayList<>();
        for (Point point : points) {
            point.node()
                    .toNodeId(client.getNamespaceTable())
                    .ifPresentOrElse(node -> added.add(item(point, node)), () -> homeless.add(point));
        }
        subscription.addMonitoredItems(added);
        for (OpcUaMonitoredItem item : added) {
            handles.add(item.getClientHandle().orElseThrow().intValue(), (Point)
                    item.getUserObject().orElseThrow());
        }
        for (MonitoredItemServiceOperationResult result : subscription.createMonitoredItems()) {
            if (!result.serviceResult().isGood()) {
                throw new UaException(result.serviceResult());
            }
            StatusCode status = result.operationResult().orElse(StatusCode.BAD);
            Point point = (Point) result.monitoredItem().getUserObject().orElseThrow();
            if (status.isGood()) {
                monitored.add(point);
            } else {
                book.count(Codes.text(status));
                refusals.refused(List.of(point), Codes.text(status));
            }
        }
        for (Point point : homeless) {
            String reason = "%s: the server has no namespace of node %s"
                    .formatted(
                            Codes.text(StatusCodes.Bad_NodeIdUnknown),
                            point.node().toParseableString());
            book.count(Codes.text(StatusCodes.Bad_NodeIdUnknown));
            refusals.refused(List.of(point), reason);
        }
    }

    private OpcUaMonitoredItem item(Point point, NodeId node) {
        OpcUaMonitoredItem item = OpcUaMonitoredItem.newDataItem(node);
        item.setSamplingInterval(
                (point.samplingInterval() == null ? config.samplingInterval() : point.samplingInterval()).toMillis());
        item.setQueueSize(Unsigned.uint(config.queueSize()));
        if (point.deadband() > 0) {
            DeadbandType type = point.percent() ? DeadbandType.Percent : DeadbandType.Absolute;
            item.setFilter(new DataChangeFilter(
                    DataChangeTrigger.StatusValue, Unsigned.uint(type.getValue()), point.deadband()));
        }
        item.setUserObject(point);
        return item;
    }

    /** The points among these that the server monitors. */
    List<Point> monitored(List<Point> points) {
        return points.stream().filter(monitored::contains).toList();
    }

    /** The server does not know it any more, or it fell silent: it is made anew, and the old one deleted if it is still there. */
    void forget() {
        publishing.end();
        try {
            subscription.delete();
        } catch (UaException e) {
            LOG.atDebug().setCause(e).log("OPC UA subscription was gone already");
            subscription.reset();
        }
    }
}
