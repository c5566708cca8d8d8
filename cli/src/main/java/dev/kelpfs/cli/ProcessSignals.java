package dev.kelpfs.cli;

import dev.kelpfs.cli.command.Signals;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.CountDownLatch;

/**
 * The signals of this process. Taken by reflection, because the compiler warns of every direct use of
 * {@code sun.misc.Signal} and there is no other way to end with 0 on TERM and to live on after HUP. Safe for all threads.
 */
final class ProcessSignals implements Signals {
    private static final int STATUS_WHEN_IMPATIENT = 1;

    private final CountDownLatch stopping = new CountDownLatch(1);

    @Override
    public void take(Runnable reload) {
        for (String stop : new String[] {"INT", "TERM", "ALRM"}) handle(stop, this::stopOrHalt);
        handle("HUP", reload);
    }

    @Override
    public void stop() {
        stopping.countDown();
    }

    @Override
    public void awaitStop() throws InterruptedException {
        stopping.await();
    }

    /** Who asks a second time does not want to wait for an orderly end; what was acknowledged is on disk already. */
    private void stopOrHalt() {
        if (stopping.getCount() == 0) Runtime.getRuntime().halt(STATUS_WHEN_IMPATIENT);
        stop();
    }

    private static void handle(String name, Runnable action) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            InvocationHandler calls = (self, method, arguments) -> switch (method.getName()) {
                case "hashCode" -> System.identityHashCode(self);
                case "equals" -> self == arguments[0];
                case "toString" -> "handler of " + name;
                default -> {
                    action.run();
                    yield null;
                }
            };
            Object proxy = Proxy.newProxyInstance(handler.getClassLoader(), new Class<?>[] {handler}, calls);
            Object taken = signal.getConstructor(String.class).newInstance(name);
            signal.getMethod("handle", signal, handler).invoke(null, taken, proxy);
        } catch (InvocationTargetException refused) {
            // The JVM or the system keeps this signal for itself; it then does what it always does.
            return;
        } catch (ReflectiveOperationException gone) {
            throw new IllegalStateException("this Java has no sun.misc.Signal; a JDK 25 is needed", gone);
        }
    }
}
