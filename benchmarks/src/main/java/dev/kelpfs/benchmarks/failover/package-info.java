/**
 * How long users wait when masters die: three masters and three volume servers as processes, files stored by {@code curl}
 * and by our client, lookups all the while. Start with {@link dev.kelpfs.benchmarks.failover.FailoverHarness}; what is
 * measured is in {@code benchmarks/README.md}.
 */
package dev.kelpfs.benchmarks.failover;
