package dev.kelpfs.benchmarks.cold;

import dev.kelpfs.benchmarks.disks.PassingDisk;
import dev.kelpfs.benchmarks.disks.PassingFile;
import dev.kelpfs.core.Ticker;
import dev.kelpfs.disk.DiskFile;
import dev.kelpfs.disk.real.RealDisk;
import dev.kelpfs.http.HttpRuntime;
import dev.kelpfs.rpc.RpcRuntime;
import dev.kelpfs.volume.DataDirectory;
import dev.kelpfs.volume.Listeners;
import dev.kelpfs.volume.VolumeServer;
import dev.kelpfs.volume.VolumeServerConfig;
import dev.kelpfs.volume.VolumeServerEnvironment;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.Executors;

/** A volume server without a master over a directory with volumes; a process of its own. */
public final class ColdServer {
    private static final String HOST = "127.0.0.1";

    /** How it reads. */
    enum Reads {
        /** As it is: the loops take what is in memory, other threads wait for the disk. */
        AS_IT_IS,
        /** The loops wait for the disk. */
        INLINE
    }

    private ColdServer() {}

    /** Runs until killed. @param args how it reads, HTTP port, gRPC port, directory */
    public static void main(String[] args) throws IOException, InterruptedException {
        boolean inline = Reads.valueOf(args[0]) == Reads.INLINE;
        VolumeServerConfig config = VolumeServerConfig.defaults(HOST, List.of(DataDirectory.of(Path.of(args[3]))))
                .withMasters(List.of())
                .withListeners(new Listeners(
                        HOST, Integer.parseInt(args[1]), OptionalInt.empty(), Integer.parseInt(args[2]), HOST, OptionalInt.empty()));
        int cores = Runtime.getRuntime().availableProcessors();
        VolumeServerEnvironment environment = new VolumeServerEnvironment(
                InstantSource.system(), Ticker.system(), new SecureRandom(),
                new PassingDisk(RealDisk.create(), file -> inline ? new InlineFile(file) : new PassingFile(file)),
                HttpRuntime.start(cores, InstantSource.system(), Ticker.system()),
                RpcRuntime.start(1, Executors.newVirtualThreadPerTaskExecutor()), new PrometheusRegistry(), reason -> System.exit(1));
        try (VolumeServer server = VolumeServer.start(config, environment)) {
            System.out.println("cold server ready on " + server.address().http());
            Thread.currentThread().join();
        }
    }

    /** What is asked for "if it is in memory" is waited for. */
    private static final class InlineFile extends PassingFile {
        InlineFile(DiskFile below) {
            super(below);
        }

        @Override
        public int readNow(ByteBuffer target, long offset) throws IOException {
            return read(target, offset);
        }
    }
}
