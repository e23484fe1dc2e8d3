package io.streamforge.opcua;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Objects;
import org.eclipse.milo.opcua.stack.core.UaSerializationException;
import org.eclipse.milo.opcua.stack.core.encoding.DefaultEncodingContext;
import org.eclipse.milo.opcua.stack.core.encoding.EncodingContext;
import org.eclipse.milo.opcua.stack.core.types.UaStructuredType;
import org.eclipse.milo.opcua.stack.core.types.builtin.ByteString;
import org.eclipse.milo.opcua.stack.core.types.builtin.DataValue;
import org.eclipse.milo.opcua.stack.core.types.builtin.DateTime;
import org.eclipse.milo.opcua.stack.core.types.builtin.ExtensionObject;
import org.eclipse.milo.opcua.stack.core.types.builtin.Matrix;
import org.eclipse.milo.opcua.stack.core.types.builtin.StatusCode;
import org.eclipse.milo.opcua.stack.core.types.builtin.Variant;
import org.eclipse.milo.opcua.stack.core.types.builtin.unsigned.Unsigned;
import org.eclipse.milo.opcua.stack.core.types.structured.DataChangeNotification;
import org.eclipse.milo.opcua.stack.core.types.structured.EventNotificationList;
import org.eclipse.milo.opcua.stack.core.types.structured.MonitoredItemNotification;
import org.eclipse.milo.opcua.stack.core.types.structured.Range;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DataChangesTest {

    private static final EncodingContext CONTEXT = new DefaultEncodingContext();

    private static final ExtensionObject STRUCTURE = ExtensionObject.encode(CONTEXT, new Range(0.0, 1.0));

    private static ExtensionObject encoded(UaStructuredType notification) {
        return ExtensionObject.encode(CONTEXT, notification);
    }

    private static DataChanges read(DataValue... values) {
        MonitoredItemNotification[] items = new MonitoredItemNotification[values.length];
        for (int i = 0; i < items.length; i++) {
            items[i] = new MonitoredItemNotification(Unsigned.uint(7 + i), values[i]);
        }
        return Objects.requireNonNull(DataChanges.in(encoded(new DataChangeNotification(items, null)), CONTEXT));
    }

    private static DataValue value(Object value) {
        return new DataValue(Variant.of(value));
    }

    @Test
    void valuesAreReadAsMiloReadsThem() {
        DataValue plain = new DataValue(Variant.ofDouble(1.5), StatusCode.GOOD, new DateTime(133_000_000_000_000_000L));
        DataValue bad = new DataValue(0x80050000L);
        DataChanges changes = read(plain, bad, value(new Integer[] {1, 2}));

        assertThat(changes.size()).isEqualTo(3);
        assertThat(changes.handles()).containsExactly(7, 8, 9);
        assertThat(changes.values()[0].value().value()).isEqualTo(1.5);
        assertThat(changes.values()[0].sourceTime()).isEqualTo(plain.sourceTime());
        assertThat(changes.values()[1].statusCode()).isEqualTo(bad.statusCode());
        assertThat((Object[]) changes.values()[2].value().value()).containsExactly(1, 2);
        assertThat(changes.hasStructures()).isFalse();
    }

    @Test
    void structuresAreFoundWhereverTheyStand() {
        assertThat(read(value(1), value(STRUCTURE)).hasStructures()).isTrue();
        assertThat(read(value(new ExtensionObject[] {STRUCTURE})).hasStructures())
                .isTrue();
        assertThat(read(value(new Variant[] {Variant.of(STRUCTURE)})).hasStructures())
                .isTrue();
        assertThat(read(value(Matrix.ofExtensionObject(new ExtensionObject[][] {{STRUCTURE}, {STRUCTURE}})))
                        .hasStructures())
                .isTrue();
        assertThat(read(value(Matrix.ofInt32(new Integer[][] {{1}, {2}}))).hasStructures())
                .isFalse();
    }

    @Test
    void noValuesAreNone() {
        assertThat(read().size()).isZero();
        assertThat(in(encoded(new DataChangeNotification(null, null))))
                .satisfies(changes ->
                        assertThat(Objects.requireNonNull(changes).size()).isZero());
    }

    @Test
    void whatIsNoDataChangeIsNotRead() {
        assertThat(in(encoded(new EventNotificationList(null)))).isNull();
        assertThat(in(STRUCTURE)).isNull();
    }

    @Test
    void moreValuesThanBytesAreRefusedBeforeRoomIsMadeForThem() {
        ExtensionObject whole = encoded(new DataChangeNotification(new MonitoredItemNotification[0], null));
        ExtensionObject lying =
                ExtensionObject.of(ByteString.of(new byte[] {-1, -1, -1, 0x7F, 0, 0}), whole.getEncodingOrTypeId());
        assertThatThrownBy(() -> in(lying))
                .isInstanceOf(UaSerializationException.class)
                .hasMessage("2147483647 values in 2 bytes");
    }

    private static @Nullable DataChanges in(ExtensionObject notification) {
        return DataChanges.in(notification, CONTEXT);
    }
}
