package dev.kelpfs.master.growth;

import dev.kelpfs.core.VolumeId;
import dev.kelpfs.master.topology.Place;
import dev.kelpfs.wire.volume.AllocateVolumeRequest;
import java.io.IOException;

/** Has volumes made and removed on servers. Calls block, but not for long. Safe for all threads. */
public interface VolumeMaker {
    /** @throws IOException if the server could not be reached in time or refused; the message says which and why */
    void make(Place server, AllocateVolumeRequest request) throws IOException;

    /** Asks a server for a sign of life. @throws IOException if there is none in time; the message says which and why */
    void reach(Place server) throws IOException;

    /** Removes a volume that was made and holds nothing. */
    void remove(Place server, VolumeId volume) throws IOException;
}
