// Calls operations of cr through the vendor's generated Go SDK, of the generation that docker-credential-acr-helper uses.
// One call a line on standard input, {"action", "params"}; of each one line on standard output: {"status", "body"}, the body as the
// SDK's reply of that operation read it, or of a refusal what the SDK's error says.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"reflect"
	"strconv"
	"strings"

	cr "github.com/alibabacloud-go/cr-20181201/client"
	openapi "github.com/alibabacloud-go/darabonba-openapi/client"
	util "github.com/alibabacloud-go/tea-utils/service"
	"github.com/alibabacloud-go/tea/tea"
)

type call struct {
	Action string            `json:"action"`
	Params map[string]string `json:"params"`
}

func main() {
	client, err := cr.NewClient(&openapi.Config{
		AccessKeyId:     tea.String(os.Getenv("KEY_ID")),
		AccessKeySecret: tea.String(os.Getenv("KEY_SECRET")),
		Endpoint:        tea.String(os.Getenv("HOST")),
		Protocol:        tea.String("http"),
	})
	if err != nil {
		panic(err)
	}
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<24)
	for lines.Scan() {
		var asked call
		if err := json.Unmarshal(lines.Bytes(), &asked); err != nil {
			panic(err)
		}
		answer, err := json.Marshal(perform(client, asked))
		if err != nil {
			panic(err)
		}
		fmt.Println(string(answer))
	}
}

func perform(client *cr.Client, asked call) map[string]any {
	method := reflect.ValueOf(client).MethodByName(asked.Action + "WithOptions")
	if !method.IsValid() {
		return map[string]any{"unknown": asked.Action}
	}
	arguments := []reflect.Value{reflect.ValueOf(&util.RuntimeOptions{Autoretry: tea.Bool(false)})}
	if method.Type().NumIn() == 2 {
		request := reflect.New(method.Type().In(0).Elem())
		for name, value := range asked.Params {
			if !set(request.Elem(), name, value) {
				return map[string]any{"unknown": asked.Action + " " + name}
			}
		}
		arguments = append([]reflect.Value{request}, arguments...)
	}
	results := method.Call(arguments)
	if err, failed := results[1].Interface().(error); failed {
		refused, isServers := err.(*tea.SDKError)
		if !isServers {
			return map[string]any{"failed": err.Error()}
		}
		// This generation tells the status in its message alone.
		var status int
		if _, err := fmt.Sscanf(tea.StringValue(refused.Message), "code: %d,", &status); err != nil {
			return map[string]any{"failed": refused.Error()}
		}
		return map[string]any{"status": status, "body": map[string]string{"Code": tea.StringValue(refused.Code), "Message": tea.StringValue(refused.Message)}}
	}
	return map[string]any{"status": 200, "body": results[0].Elem().FieldByName("Body").Interface()}
}

// Sets a parameter: a text, a number, a flag, or `Name.N` of a list of texts. False where the SDK has no such parameter.
func set(request reflect.Value, name string, value string) bool {
	base, number, isItem := strings.Cut(name, ".")
	field := request.FieldByName(base)
	if !field.IsValid() {
		return false
	}
	if isItem {
		at, err := strconv.Atoi(number)
		if err != nil || field.Type() != reflect.TypeOf([]*string{}) {
			return false
		}
		for field.Len() < at {
			field.Set(reflect.Append(field, reflect.ValueOf(tea.String(""))))
		}
		field.Index(at - 1).Set(reflect.ValueOf(tea.String(value)))
		return true
	}
	switch field.Interface().(type) {
	case *string:
		field.Set(reflect.ValueOf(&value))
	case *bool:
		field.Set(reflect.ValueOf(tea.Bool(value == "true")))
	case *int32, *int64:
		whole, err := strconv.ParseInt(value, 10, 64)
		if err != nil {
			return false
		}
		field.Set(reflect.New(field.Type().Elem()))
		field.Elem().SetInt(whole)
	default:
		return false
	}
	return true
}
