package dev.kelpfs.cli.server;

import dev.kelpfs.flags.Flag;
import dev.kelpfs.flags.FlagType;
import dev.kelpfs.flags.Support;
import java.util.List;

/**
 * Flags of {@code server} for the services that are not built yet, so that command lines of the reference are understood.
 * A row is name, type and default. Source: command line, sections 8 and 9.1.
 */
final class GatewayFlags {
    private static final String ROWS = """
            filer switch false
            filer.filerGroup text
            filer.collection text
            filer.port int 8888
            filer.port.grpc int 0
            filer.port.public int 0
            filer.defaultReplicaPlacement text
            filer.disableDirListing switch false
            filer.maxMB int 4
            filer.dirListLimit int 1000
            filer.encryptVolumeData switch false
            filer.saveToFilerLimit int 0
            filer.concurrentUploadLimitMB int 0
            filer.concurrentFileUploadLimit int 0
            filer.localSocket text
            filer.ui.deleteDir switch true
            filer.downloadMaxMBps int 0
            filer.disk text
            filer.allowedOrigins text *
            filer.exposeDirectoryData switch true
            filer.tusBasePath text /.tus
            filer.tusMaxSizeMB int 5120
            filer.tusSessionExpiry duration 24h
            s3 switch false
            s3.port int 8333
            s3.port.https int 0
            s3.port.grpc int 0
            s3.port.iceberg int 8181
            s3.port.lance int 9101
            s3.iceberg.credentialRole text
            s3.iceberg.credentialDurationSeconds int 3600
            s3.domainName text
            s3.allowedOrigins text *
            s3.key.file text
            s3.cert.file text
            s3.cacert.file text
            s3.tlsVerifyClientCert switch false
            s3.config text
            s3.iam.config text
            s3.iam switch true
            s3.iam.readOnly switch true
            s3.auditLogConfig text
            s3.allowEmptyFolder switch true
            s3.allowDeleteBucketNotEmpty switch true
            s3.autoCreateBucket switch true
            s3.localSocket text
            s3.ip.bind text
            s3.idleTimeout int 120
            s3.concurrentUploadLimitMB int 0
            s3.concurrentFileUploadLimit int 0
            s3.encryptVolumeData switch false
            s3.externalUrl text
            s3.defaultFileMode text
            s3.cacheCapacityMB int 0
            webdav switch false
            webdav.port int 7333
            webdav.collection text
            webdav.replication text
            webdav.disk text
            webdav.key.file text
            webdav.cert.file text
            webdav.cacheDir text
            webdav.cacheCapacityMB int 0
            webdav.maxMB int 4
            webdav.filer.path text /
            sftp switch false
            sftp.port int 2022
            sftp.sshPrivateKey text
            sftp.hostKeysFolder text
            sftp.authMethods text password,publickey
            sftp.maxAuthTries int 6
            sftp.bannerMessage text
            sftp.loginGraceTime duration 2m
            sftp.clientAliveInterval duration 5s
            sftp.clientAliveCountMax int 3
            sftp.userStoreFile text
            sftp.trustedUserCAKeysFile text
            sftp.localSocket text
            iam switch false
            iam.port int 8111
            iam.config text
            mq.broker switch false
            mq.broker.port int 17777
            mq.broker.logFlushInterval int 5
            mq.agent switch false
            mq.agent.brokers text localhost:17777
            mq.agent.port int 16777
            """;

    static final List<Flag> ALL = ROWS.lines().map(GatewayFlags::row).toList();

    private GatewayFlags() {}

    private static Flag row(String row) {
        String[] cells = row.split(" ");
        String value = cells.length > 2 ? cells[2] : "";
        String service = cells[0].split("\\.")[0];
        boolean isSwitch = cells[1].equals("switch") && cells[0].equals(service);
        String help = isSwitch ? "start " + service + " too" : "for " + service;
        FlagType type = switch (cells[1]) {
            case "switch" -> FlagType.SWITCH;
            case "int" -> FlagType.INTEGER;
            case "duration" -> FlagType.DURATION;
            default -> FlagType.TEXT;
        };
        return new Flag(cells[0], type, value, help, new Support.Later(service + "; it is not started"));
    }
}
