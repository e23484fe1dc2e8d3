package io.streamforge.routes.uplink;

import io.streamforge.adapter.CertificateKeeper;
import io.streamforge.adapter.CertificateKeeper.PeerCertificate;
import io.streamforge.adapter.DataFolderAware;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;

/** The certificates of the devices that this gateway meets, of all protocols that have them. */
final class Certificates {

    /** What a listing answers. */
    record Listed(List<PeerCertificate> certificates) {}

    private final List<CertificateKeeper> keepers = new ArrayList<>();

    /** @param data the gateway's data folder */
    Certificates(Path data) {
        for (CertificateKeeper keeper : ServiceLoader.load(CertificateKeeper.class)) {
            if (keeper instanceof DataFolderAware aware) {
                aware.setDataFolder(data);
            }
            keepers.add(keeper);
        }
    }

    Listed list() throws IOException {
        List<PeerCertificate> all = new ArrayList<>();
        for (CertificateKeeper keeper : keepers) {
            all.addAll(keeper.certificates());
        }
        return new Listed(all);
    }

    /** @throws IOException if it cannot be done; the message is a sentence for an operator */
    void decide(String fingerprint, boolean trust) throws IOException {
        for (CertificateKeeper keeper : keepers) {
            if (trust ? keeper.trust(fingerprint) : keeper.remove(fingerprint)) {
                return;
            }
        }
        throw new IllegalArgumentException("There is no %scertificate with the SHA-256 fingerprint %s."
                .formatted(trust ? "refused " : "", fingerprint));
    }
}
