/**
 * The gRPC door: parses requests, asks, renders answers and errors. What is not there answers UNIMPLEMENTED. Start at
 * {@link dev.kelpfs.master.rpc.SeaweedService}. Source: master, section 4.
 */
@NullMarked
package dev.kelpfs.master.rpc;

import org.jspecify.annotations.NullMarked;
