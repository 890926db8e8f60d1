// Calls operations of cr through the vendor's typed Java SDK. Driver.ask in driver.ts has the form of calls and answers.

import com.aliyun.cr20181201.Client;
import com.aliyun.tea.TeaException;
import com.aliyun.tea.TeaModel;
import com.aliyun.teaopenapi.models.Config;
import com.aliyun.teautil.models.RuntimeOptions;
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeSet;

public final class Driver {
  private static final Gson GSON = new GsonBuilder().serializeNulls().create();

  private static final class Call {
    String action;
    Map<String, Object> params;
  }

  public static void main(String[] args) throws Exception {
    Client client = new Client(new Config()
        .setAccessKeyId(System.getenv("KEY_ID"))
        .setAccessKeySecret(System.getenv("KEY_SECRET"))
        .setEndpoint(System.getenv("HOST"))
        .setProtocol("http"));
    BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      System.out.println(GSON.toJson(perform(client, GSON.fromJson(line, Call.class))));
    }
  }

  private static Map<String, Object> perform(Client client, Call call) throws Exception {
    String name = call.action.substring(0, 1).toLowerCase() + call.action.substring(1) + "WithOptions";
    for (Method method : Client.class.getMethods()) {
      if (!method.getName().equals(name)) continue;
      RuntimeOptions options = new RuntimeOptions();
      if (method.getParameterCount() == 1) return invoke(client, method, options);
      TeaModel request = (TeaModel) method.getParameterTypes()[0].getDeclaredConstructor().newInstance();
      TeaModel.build(call.params, request);
      TreeSet<String> unread = new TreeSet<>(call.params.keySet());
      request.toMap().forEach((field, value) -> { if (value != null) unread.remove(field); });
      if (!unread.isEmpty()) return Map.of("unknown", call.action + " " + String.join(" ", unread));
      return invoke(client, method, request, options);
    }
    return Map.of("unknown", call.action);
  }

  private static Map<String, Object> invoke(Client client, Method method, Object... arguments) throws Exception {
    try {
      Object response = method.invoke(client, arguments);
      return Map.of("read", ((TeaModel) response.getClass().getField("body").get(response)).toMap());
    } catch (InvocationTargetException error) {
      Throwable cause = error.getCause();
      if (cause instanceof TeaException) return Map.of("code", ((TeaException) cause).getCode());
      return Map.of("failed", cause.toString());
    }
  }
}
