// Calls operations of cr through the vendor's old Java SDK. Driver.ask in driver.ts has the form of calls and answers.

import com.aliyuncs.AcsRequest;
import com.aliyuncs.DefaultAcsClient;
import com.aliyuncs.IAcsClient;
import com.aliyuncs.exceptions.ClientException;
import com.aliyuncs.http.ProtocolType;
import com.aliyuncs.profile.DefaultProfile;
import com.google.gson.FieldNamingPolicy;
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

public final class Driver {
  private static final Gson GSON =
      new GsonBuilder().serializeNulls().setFieldNamingPolicy(FieldNamingPolicy.UPPER_CAMEL_CASE).create();
  private static final Gson LINES = new Gson();

  private static final class Call {
    String action;
    Map<String, Object> params;
  }

  public static void main(String[] args) throws Exception {
    IAcsClient client = new DefaultAcsClient(
        DefaultProfile.getProfile("local", System.getenv("KEY_ID"), System.getenv("KEY_SECRET")));
    BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      System.out.println(GSON.toJson(perform(client, LINES.fromJson(line, Call.class))));
    }
  }

  private static Map<String, Object> perform(IAcsClient client, Call call) throws Exception {
    AcsRequest<?> request;
    try {
      request = (AcsRequest<?>) Class.forName("com.aliyuncs.cr.model.v20181201." + call.action + "Request")
          .getDeclaredConstructor().newInstance();
    } catch (ClassNotFoundException error) {
      return Map.of("unknown", call.action);
    }
    request.setSysEndpoint(System.getenv("HOST"));
    request.setSysProtocol(ProtocolType.HTTP);
    for (Map.Entry<String, Object> param : call.params.entrySet()) {
      if (!set(request, param.getKey(), param.getValue())) {
        return Map.of("unknown", call.action + " " + param.getKey());
      }
    }
    try {
      return Map.of("read", client.getAcsResponse(request, false, 0));
    } catch (ClientException error) {
      if (error.getErrCode().startsWith("SDK.")) return Map.of("failed", error.toString());
      return Map.of("code", error.getErrCode());
    }
  }

  /** False if the SDK has no such parameter. */
  private static boolean set(AcsRequest<?> request, String name, Object value) throws Exception {
    for (Method method : request.getClass().getDeclaredMethods()) {
      if (!method.getName().equals("set" + name + (value instanceof List ? "s" : ""))) continue;
      Class<?> type = method.getParameterTypes()[0];
      if (value instanceof List && type != List.class) continue;
      method.invoke(request, type == List.class || type == String.class ? value : LINES.fromJson((String) value, type));
      return true;
    }
    return false;
  }
}
