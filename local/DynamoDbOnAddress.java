import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import software.amazon.dynamodb.services.local.main.ServerRunner;

/** Starts DynamoDB Local on one address of this machine; it has no option for that and would listen on all of them. */
class DynamoDbOnAddress {
  /** The address, then DynamoDB Local's own arguments. */
  public static void main(String[] args) throws Exception {
    var own = java.util.Arrays.copyOfRange(args, 1, args.length);
    var proxy = ServerRunner.createServerFromCommandLineArgs(own);
    var field = proxy.getClass().getDeclaredField("server");
    field.setAccessible(true);
    for (Connector connector : ((Server) field.get(proxy)).getConnectors()) ((ServerConnector) connector).setHost(args[0]);
    proxy.start();
  }
}
