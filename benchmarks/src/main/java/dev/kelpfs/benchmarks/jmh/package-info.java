/**
 * Single parts under JMH: records, checksum, index. Run all with {@code ./bench jmh} (arguments after it are JMH's own).
 * {@code JmhTest} runs each once on tiny input, so that none can rot.
 */
@NullMarked
package dev.kelpfs.benchmarks.jmh;

import org.jspecify.annotations.NullMarked;
