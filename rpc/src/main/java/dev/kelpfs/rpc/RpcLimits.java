package dev.kelpfs.rpc;

/** Limits that both ends keep to. Source: master, section 2. */
final class RpcLimits {
    static final int MAX_MESSAGE_BYTES = 1 << 30;
    static final int MAX_HEADER_BYTES = 8 << 20;
    static final int MAX_STREAMS_PER_CONNECTION = 1000;
    static final int FLOW_CONTROL_WINDOW_BYTES = 16 << 20;
    static final int KEEP_ALIVE_AFTER_IDLE_SECONDS = 60;
    static final int KEEP_ALIVE_TIMEOUT_SECONDS = 20;
    static final int SHORTEST_CLIENT_PING_INTERVAL_SECONDS = 20;

    private RpcLimits() {}
}
