package dev.kelpfs.benchmarks.load;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;

/**
 * What a load consists of.
 *
 * @param address the server
 * @param method GET, POST ...
 * @param targets file with one request target per line ({@code /3,01637037d6}), at least one
 * @param order how lines are chosen
 * @param headers lines such as {@code Content-Type: image/bench}; Host and Content-Length are added
 * @param body sent with every request; empty for none
 */
public record Workload(
        InetSocketAddress address, String method, Path targets, Order order, List<String> headers, byte[] body) {
    /** How the next target is chosen. */
    public enum Order {
        /** Any line at any time. */
        RANDOM,
        /** Every line once, and from the start again when all are used up. */
        SEQUENTIAL
    }

    public Workload {
        headers = List.copyOf(headers);
        body = body.clone();
    }

    /** Reading of any of the targets. */
    public static Workload get(InetSocketAddress address, Path targets) {
        return new Workload(address, "GET", targets, Order.RANDOM, List.of(), new byte[0]);
    }

    @Override
    public byte[] body() {
        return body.clone();
    }

    /** All of a request up to its target, and all after it; the target stands between them. */
    String head() {
        return method + " ";
    }

    /** What follows the target, up to the empty line before the body. */
    String tail() {
        StringBuilder tail = new StringBuilder(" HTTP/1.1\r\nHost: ")
                .append(address.getHostString()).append(':').append(address.getPort()).append("\r\n");
        headers.forEach(header -> tail.append(header).append("\r\n"));
        if (body.length > 0) tail.append("Content-Length: ").append(body.length).append("\r\n");
        return tail.append("\r\n").toString();
    }
}
