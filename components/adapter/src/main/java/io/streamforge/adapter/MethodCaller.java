package io.streamforge.adapter;

import io.streamforge.model.Value;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A source whose device has methods, so that the gateway answers {@code call-method}: rows of its point table that say {@code method: true}. The gateway
 * guards calls as it guards writes.
 */
public interface MethodCaller extends PointWriter {

    /**
     * Calls one method; returns when the device has answered.
     *
     * @param row of the point table, from 0
     * @param arguments in the order of the row's {@code arguments}: one value of each, or any number where it is a list
     * @return what the method gave back, in its order; an array or structure as its parts
     * @throws IllegalArgumentException if the method cannot take an argument; nothing was called
     * @throws IOException if the device refused it, with the protocol's code and name, or did not answer: then it may have done it nevertheless
     */
    List<Output> call(int row, List<List<Value>> arguments) throws IOException;

    /**
     * One thing that a method gave back.
     *
     * @param name as the device calls it
     * @param value null where there is none that can be shown
     */
    record Output(String name, @Nullable Value value) {}
}
