package dev.kelpfs.cli.server;

import dev.kelpfs.flags.Flag;
import java.util.List;

/** Flags of a volume server. Source: command line, sections 7.3 and 17.3. */
final class VolumeFlags {
    /** The volume server's own, which {@code server} has with the prefix {@code volume.} too. */
    static final List<Flag> SHARED = List.of(
            Flag.integer("port", 8080, "HTTP port"),
            Flag.integer("port.grpc", 0, "gRPC port; 0 is the HTTP port plus 10000"),
            Flag.integer("port.public", 0, "a second HTTP port that serves reads only; 0 is none"),
            Flag.text("id", "", "lasting name of this server; empty is ip:port"),
            Flag.text("publicUrl", "", "address told to clients; empty is ip:port.public"),
            Flag.text("max", "8", "volumes per directory, as in 8,100; 0 derives them from the free space"),
            Flag.text("disk", "", "disk type per directory, as in hdd,ssd"),
            Flag.text("tags", "", "tags per directory: commas between directories, colons between tags"),
            Flag.text("minFreeSpacePercent", "1", "older form of the next flag, in percent"),
            Flag.text("minFreeSpace", "", "below it a directory takes no writes: percent up to 100, or bytes as in 10GiB"),
            Flag.text("dir.idx", "", "separate directory for index files"),
            Flag.text("index", "memory", "where the index lives: memory, leveldb, leveldbMedium, leveldbLarge"),
            Flag.integer("index.leveldbTimeout", 0, "hours of idleness after which an index is unloaded; 0 is never")
                    .later("unloading of indexes; they stay in memory"),
            Flag.text("readMode", "proxy", "a read of a volume that is elsewhere: local, proxy or redirect"),
            Flag.integer("fileSizeLimitMB", 256, "larger uploads are refused"),
            Flag.integer("concurrentUploadLimitMB", 0, "uploads in flight above which new ones wait; 0 is no limit"),
            Flag.integer("concurrentDownloadLimitMB", 0, "downloads in flight above which new ones wait; 0 is no limit"),
            Flag.duration("inflightUploadDataTimeout", "1m", "longest wait at the limit of uploads"),
            Flag.duration("inflightDownloadDataTimeout", "1m", "longest wait at the limit of downloads"),
            Flag.toggle("hasSlowRead", true, "accepted for compatibility: slow readers never block writers here"),
            Flag.integer("readBufferSizeMB", 4, "accepted for compatibility: reads need no such buffer here"),
            Flag.integer("compactionMBps", 0, "limit of the speed of vacuum; 0 is none"),
            Flag.integer("maintenanceMBps", 0, "limit of the speed of copying for repair; 0 is none")
                    .later("repair; nothing is copied"),
            Flag.toggle("fsync", false, "acknowledge every write and deletion only when it is on the disk, asked for or not"),
            Flag.integer("preStopSeconds", 10, "pause between the farewell to the master and the end"),
            Flag.toggle("images.fix.orientation", false, "turn JPEG uploads upright, as the camera says that it was held"),
            Flag.toggle("pprof", false, "profiling over HTTP").later("profiling over HTTP; use jcmd and Flight Recorder"));

    /** Has the prefix in its name in both commands. */
    static final Flag UNTRUSTED_ENDPOINTS = Flag.toggle(
                    "volume.allowUntrustedRemoteEndpoints", false, "permit remote storage that is not in the configuration")
            .later("remote storage");

    /** What only {@code weed volume} has, beside the flags of every server. */
    static final List<Flag> ALONE = List.of(
            Flag.text("master", "localhost:9333", "masters, as in a:9333,b:9333"),
            Flag.text("mserver", "", "older name of -master"),
            Flag.text("dir", "", "data directories, as in /a,/b; empty is the system's temporary directory"),
            Flag.text("dataCenter", "", "data center of this server"),
            Flag.text("rack", "", "rack of this server"),
            Flag.integer("idleTimeout", 30, "seconds after which an idle connection is closed"),
            Flag.integer("pulseSeconds", 5, "accepted for compatibility").later("another pulse than 5 seconds"));

    private VolumeFlags() {}
}
