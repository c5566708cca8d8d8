package dev.kelpfs.client;

/**
 * What the masters of a cluster were told at their start, as far as it matters to clients.
 *
 * @param defaultReplication copies of a file whose placement does not say it, as in {@code 001}
 * @param volumeSizeLimitMebibytes from this size on a volume takes no more files
 * @param leader the leading master; empty if there is none now
 */
public record ClusterSettings(String defaultReplication, long volumeSizeLimitMebibytes, String leader) {}
