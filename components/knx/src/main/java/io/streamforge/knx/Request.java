package io.streamforge.knx;

import java.util.concurrent.CompletableFuture;

/**
 * What is wanted of the bus.
 *
 * @param telegram a read or a write
 * @param answer of a read the device's answer, of a write the confirmation; an {@link java.io.IOException} if there is none
 * @param own whether nobody waits for the answer but the source, which takes any value of the group for one
 * @param again whether it is asked once more if nothing comes
 */
record Request(Telegram telegram, CompletableFuture<Telegram> answer, boolean own, boolean again) {

    Request(Telegram telegram, boolean own) {
        this(telegram, new CompletableFuture<>(), own, telegram.service() == Telegram.Service.READ);
    }

    Request second() {
        return new Request(telegram, answer, own, false);
    }
}
