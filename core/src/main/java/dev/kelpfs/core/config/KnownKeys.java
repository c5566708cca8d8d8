package dev.kelpfs.core.config;

import dev.kelpfs.core.config.KnownKey.Status;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Every key of every configuration file, whichever process reads it and whether or not the feature behind it is built;
 * a key outside this table is a mistake that the user wants to hear about. When a feature is built, its keys move to
 * {@link Status#WORKS} here.
 *
 * <p>Source: command line and configuration, sections 15.2 to 15.5.
 */
final class KnownKeys {
    private static final List<String> SERVERS =
            List.of("master", "volume", "filer", "s3", "admin", "worker", "mq", "msg_broker", "msg_agent");

    private static final List<KnownKey> ALL = all();

    private KnownKeys() {}

    /** The entry of a key; one that names it exactly comes before one with a star. */
    static Optional<KnownKey> find(String key) {
        KnownKey byPattern = null;
        for (KnownKey known : ALL) {
            if (!known.matches(key)) continue;
            if (!known.isPattern()) return Optional.of(known);
            byPattern = known;
        }
        return Optional.ofNullable(byPattern);
    }

    static List<KnownKey> list() {
        return ALL;
    }

    /** The known key that a mistyped one was probably meant to be, without those that hold a star. */
    static Optional<String> nearest(String key) {
        return NearestName.of(key, ALL.stream().filter(known -> !known.isPattern()).map(KnownKey::pattern).toList());
    }

    private static List<KnownKey> all() {
        Table table = new Table();
        security(table);
        masterAndVolume(table);
        maintenance(table);
        filer(table);
        stores(table);
        notification(table);
        replication(table);
        return table.keys();
    }

    private static void security(Table table) {
        Set<String> blobs = Set.of("master", "volume");
        table.add(Status.WORKS, blobs, "jwt.signing",
                "key", "read.key", "expires_after_seconds", "read.expires_after_seconds");
        table.add(Status.PROTECTS, Set.of("filer", "s3"), "jwt.filer_signing", "key", "read.key");
        table.add(Status.LATER, Set.of("filer", "s3"), "jwt.filer_signing",
                "expires_after_seconds", "read.expires_after_seconds");
        table.add(Status.WORKS, blobs, "guard", "white_list");
        table.add(Status.WORKS, Set.of("volume"), "access", "ui");
        table.add(Status.LATER, Set.of("filer", "s3"), "cors.allowed_origins", "values");
        table.add(Status.LATER, Set.of("filer"), "filer.expose_directory_metadata", "enabled");
        table.add(Status.LATER, Set.of(), "grpc", "ca", "allowed_wildcard_domain");
        for (String server : SERVERS) {
            table.add(Status.PROTECTS, Set.of(server), "grpc." + server,
                    "cert", "key", "client_cert", "client_key", "allowed_commonNames");
        }
        table.add(Status.LATER, Set.of("tools"), "grpc.client", "cert", "key");
        table.add(Status.PROTECTS, Set.of(), "https.client", "enabled");
        table.add(Status.LATER, Set.of(), "https.client", "cert", "key", "ca", "insecure_skip_verify");
        for (String server : List.of("master", "volume", "filer", "admin")) {
            table.add(Status.PROTECTS, Set.of(server), "https." + server, "cert", "key", "ca");
        }
        table.add(Status.LATER, Set.of("filer"), "https.filer", "disable_tls_verify_client_cert");
        table.add(Status.LATER, Set.of(), "tls", "min_version", "max_version", "cipher_suites");
        table.add(Status.PROTECTS, Set.of("admin"), "admin", "user", "password", "readonly.user", "readonly.password");
        table.add(Status.PROTECTS, Set.of("s3"), "s3.sse", "kek", "key", "kek.passphrase");
    }

    private static void masterAndVolume(Table table) {
        Set<String> master = Set.of("master");
        table.add(Status.LATER, master, "master.maintenance", "scripts", "sleep_minutes");
        table.add(Status.WORKS, master, "master.sequencer", "type");
        table.add(Status.LATER, master, "master.sequencer", "sequencer_snowflake_id");
        table.add(Status.WORKS, master, "master.volume_growth",
                "copy_1", "copy_2", "copy_3", "copy_other", "threshold", "disable");
        table.add(Status.WORKS, master, "master.replication", "treat_replication_as_minimums");
        table.add(Status.WORKS, master, "master", "mdir");
        table.add(Status.LATER, Set.of("volume"), "storage.backend.s3.*",
                "enabled", "aws_access_key_id", "aws_secret_access_key", "region", "bucket", "endpoint", "storage_class");
        table.add(Status.LATER, Set.of("volume"), "volume.disk.io",
                "probe", "timeout", "interval", "window", "min.samples", "max.stat.failures", "recovery.coef",
                "slow.percent", "error.percent", "slow.latency.hdd", "slow.latency.ssd", "slow.latency.nvme");
        table.add(Status.WORKS, Set.of("tools"), "cluster", "default", "*.master");
        table.add(Status.LATER, Set.of("tools"), "cluster", "*.filer");
    }

    private static void maintenance(Table table) {
        Set<String> admin = Set.of("admin");
        table.add(Status.LATER, admin, "maintenance.vacuum", "enabled", "garbage_threshold", "scan_interval_seconds",
                "max_concurrent", "min_volume_age_seconds", "retry_limit", "retry_backoff_seconds");
        table.add(Status.LATER, admin, "maintenance.balance", "enabled", "imbalance_threshold", "scan_interval_seconds",
                "max_concurrent", "min_server_count", "retry_limit", "retry_backoff_seconds");
        table.add(Status.LATER, admin, "maintenance.erasure_coding", "enabled", "fullness_ratio", "quiet_for_seconds",
                "scan_interval_seconds", "max_concurrent", "min_size_mb", "collection_filter", "preferred_tags",
                "replica_placement", "retry_limit", "retry_backoff_seconds");
        table.add(Status.LATER, Set.of("filer", "s3"), "credential", "filer_etc.enabled", "memory.enabled");
        table.add(Status.LATER, Set.of("filer", "s3"), "credential.postgres", "enabled", "hostname", "port", "username",
                "password", "database", "schema", "sslmode", "table_prefix", "connection_max_idle",
                "connection_max_open", "connection_max_lifetime_seconds");
    }

    private static void filer(Table table) {
        table.add(Status.LATER, Set.of("filer"), "filer.options", "recursive_delete", "max_file_name_length",
                "buckets_folder", "s3.empty_folder_cleanup_delay");
    }

    /** Sections of filer stores: their keys depend on the driver's version, so any key of such a section is known. */
    private static void stores(Table table) {
        for (String store : List.of("leveldb2", "leveldb3", "rocksdb", "sqlite", "mysql", "mysql2", "postgres", "postgres2",
                "cassandra2", "hbase", "redis2", "redis_lua", "redis2_sentinel", "redis_lua_sentinel", "redis_cluster2",
                "redis_lua_cluster", "etcd", "mongodb", "elastic7", "elastic8", "arangodb", "ydb", "tikv", "foundationdb",
                "tarantool")) {
            table.add(Status.LATER, Set.of("filer"), store, "*", "*.*");
        }
    }

    private static void notification(Table table) {
        Set<String> filer = Set.of("filer");
        for (String queue : List.of("log", "kafka", "aws_sqs", "google_pub_sub", "gocdk_pub_sub", "webhook")) {
            table.add(Status.LATER, filer, "notification." + queue, "enabled");
        }
        table.add(Status.LATER, filer, "notification.kafka", "hosts", "topic", "offsetFile", "offsetSaveIntervalSeconds",
                "sasl_enabled", "sasl_mechanism", "sasl_username", "sasl_password", "tls_enabled", "tls_ca_cert",
                "tls_client_cert", "tls_client_key", "tls_insecure_skip_verify");
        table.add(Status.LATER, filer, "notification.aws_sqs",
                "aws_access_key_id", "aws_secret_access_key", "region", "sqs_queue_name");
        table.add(Status.LATER, filer, "notification.google_pub_sub",
                "google_application_credentials", "project_id", "topic");
        table.add(Status.LATER, filer, "notification.gocdk_pub_sub", "topic_url", "sub_url");
        table.add(Status.LATER, filer, "notification.webhook", "endpoint", "bearer_token", "timeout_seconds", "max_retries",
                "backoff_seconds", "max_backoff_seconds", "workers", "buffer_size", "event_types", "path_prefixes");
    }

    private static void replication(Table table) {
        Set<String> tools = Set.of("tools");
        table.add(Status.LATER, tools, "source.filer", "enabled", "grpcAddress", "directory", "excludeDirectories");
        table.add(Status.LATER, tools, "sink.local", "enabled", "directory", "is_incremental");
        table.add(Status.LATER, tools, "sink.filer", "enabled", "grpcAddress", "directory", "replication", "collection",
                "ttlSec", "is_incremental");
        table.add(Status.LATER, tools, "sink.s3", "enabled", "aws_access_key_id", "aws_secret_access_key", "region", "bucket",
                "directory", "endpoint", "is_incremental");
        table.add(Status.LATER, tools, "sink.google_cloud_storage", "enabled", "google_application_credentials", "bucket",
                "directory", "is_incremental");
        table.add(Status.LATER, tools, "sink.azure", "enabled", "account_name", "account_key", "client_id", "endpoint",
                "container", "directory", "is_incremental");
        table.add(Status.LATER, tools, "sink.backblaze", "enabled", "b2_account_id", "b2_master_application_key", "b2_region",
                "bucket", "directory", "is_incremental");
    }

    /** Collects the rows. */
    private static final class Table {
        private final Set<KnownKey> rows = new LinkedHashSet<>();

        void add(Status status, Set<String> roles, String section, String... keys) {
            for (String key : keys) rows.add(new KnownKey(section + "." + key, status, roles));
        }

        List<KnownKey> keys() {
            return List.copyOf(rows);
        }
    }
}
