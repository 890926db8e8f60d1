// Made by tools/generate.ts from spec/native.json. Change the data, not this file.

export const nativePaths: Readonly<Record<string, object>> = {
 "/sources": {
  "post": {
   "operationId": "createSource",
   "summary": "Send what is to be built, as a tar file.",
   "x-ram-action": "cr:BuildRepositoryByRule",
   "x-ram-resource": "repository/{InstanceId}/{NamespaceName}/{RepoName}",
   "x-ram-level": "Create",
   "parameters": [
    {
     "name": "repository",
     "in": "query",
     "description": "NAMESPACE/NAME",
     "schema": {
      "type": "string",
      "pattern": "^[^/]{1,128}/[^/]{1,128}$"
     }
    }
   ],
   "requestBody": {
    "required": true,
    "content": {
     "application/x-tar": {}
    }
   },
   "responses": {
    "200": {
     "description": "Send what is to be built, as a tar file.",
     "content": {
      "application/json": {
       "schema": {
        "$ref": "#/components/schemas/CreateSourceReply"
       }
      }
     }
    },
    "default": {
     "$ref": "#/components/responses/Error"
    }
   }
  },
  "get": {
   "operationId": "listCodeHosts",
   "summary": "The code hosts that were set.",
   "x-ram-action": "cr:GetSourceRepository",
   "x-ram-resource": "*",
   "x-ram-level": "List",
   "responses": {
    "200": {
     "description": "The code hosts that were set.",
     "content": {
      "application/json": {
       "schema": {
        "$ref": "#/components/schemas/ListCodeHostsReply"
       }
      }
     }
    },
    "default": {
     "$ref": "#/components/responses/Error"
    }
   }
  }
 },
 "/secrets": {
  "get": {
   "operationId": "listBuildSecrets",
   "summary": "The secrets that builds may mount, without values.",
   "x-ram-action": "cr:ListRepositoryBuildRule",
   "x-ram-resource": "repository/{InstanceId}/{NamespaceName}/{RepoName}",
   "x-ram-level": "List",
   "parameters": [
    {
     "name": "repository",
     "in": "query",
     "description": "NAMESPACE/NAME",
     "schema": {
      "type": "string",
      "pattern": "^[^/]{1,128}/[^/]{1,128}$"
     }
    }
   ],
   "responses": {
    "200": {
     "description": "The secrets that builds may mount, without values.",
     "content": {
      "application/json": {
       "schema": {
        "$ref": "#/components/schemas/ListBuildSecretsReply"
       }
      }
     }
    },
    "default": {
     "$ref": "#/components/responses/Error"
    }
   }
  }
 },
 "/caches": {
  "get": {
   "operationId": "listCaches",
   "summary": "The layer caches on this machine, of a repository or of all that the caller may list.",
   "x-ram-action": "cr:ListRepositoryBuild",
   "x-ram-resource": "repository/{InstanceId}/{NamespaceName}/{RepoName}",
   "x-ram-level": "List",
   "parameters": [
    {
     "name": "repository",
     "in": "query",
     "description": "NAMESPACE/NAME",
     "schema": {
      "type": "string",
      "pattern": "^[^/]{1,128}/[^/]{1,128}$"
     }
    }
   ],
   "responses": {
    "200": {
     "description": "The layer caches on this machine, of a repository or of all that the caller may list.",
     "content": {
      "application/json": {
       "schema": {
        "$ref": "#/components/schemas/ListCachesReply"
       }
      }
     }
    },
    "default": {
     "$ref": "#/components/responses/Error"
    }
   }
  },
  "delete": {
   "operationId": "removeCaches",
   "summary": "Remove the layer caches of a repository, or of all whose caches the caller may remove, apart from those that builds use.",
   "x-ram-action": "cr:BuildRepositoryByRule",
   "x-ram-resource": "repository/{InstanceId}/{NamespaceName}/{RepoName}",
   "x-ram-level": "Delete",
   "parameters": [
    {
     "name": "repository",
     "in": "query",
     "description": "NAMESPACE/NAME",
     "schema": {
      "type": "string",
      "pattern": "^[^/]{1,128}/[^/]{1,128}$"
     }
    }
   ],
   "responses": {
    "200": {
     "description": "Remove the layer caches of a repository, or of all whose caches the caller may remove, apart from those that builds use.",
     "content": {
      "application/json": {
       "schema": {
        "$ref": "#/components/schemas/RemoveCachesReply"
       }
      }
     }
    },
    "default": {
     "$ref": "#/components/responses/Error"
    }
   }
  }
 },
 "/secrets/{secret}": {
  "put": {
   "operationId": "setBuildSecret",
   "summary": "Set a secret of a repository, or of all.",
   "x-ram-action": "cr:UpdateRepositoryBuildRule",
   "x-ram-resource": "repository/{InstanceId}/{NamespaceName}/{RepoName}",
   "x-ram-level": "Update",
   "parameters": [
    {
     "name": "secret",
     "in": "path",
     "required": true,
     "description": "The id of the mount.",
     "schema": {
      "type": "string"
     }
    },
    {
     "name": "repository",
     "in": "query",
     "description": "NAMESPACE/NAME",
     "schema": {
      "type": "string",
      "pattern": "^[^/]{1,128}/[^/]{1,128}$"
     }
    }
   ],
   "requestBody": {
    "required": true,
    "content": {
     "application/json": {
      "schema": {
       "$ref": "#/components/schemas/NewBuildSecret"
      }
     }
    }
   },
   "responses": {
    "200": {
     "description": "Set a secret of a repository, or of all.",
     "content": {
      "application/json": {
       "schema": {
        "$ref": "#/components/schemas/SetBuildSecretReply"
       }
      }
     }
    },
    "default": {
     "$ref": "#/components/responses/Error"
    }
   }
  },
  "delete": {
   "operationId": "removeBuildSecret",
   "summary": "Remove a secret.",
   "x-ram-action": "cr:UpdateRepositoryBuildRule",
   "x-ram-resource": "repository/{InstanceId}/{NamespaceName}/{RepoName}",
   "x-ram-level": "Delete",
   "parameters": [
    {
     "name": "secret",
     "in": "path",
     "required": true,
     "description": "The id of the mount.",
     "schema": {
      "type": "string"
     }
    },
    {
     "name": "repository",
     "in": "query",
     "description": "NAMESPACE/NAME",
     "schema": {
      "type": "string",
      "pattern": "^[^/]{1,128}/[^/]{1,128}$"
     }
    }
   ],
   "responses": {
    "200": {
     "description": "Remove a secret.",
     "content": {
      "application/json": {
       "schema": {
        "$ref": "#/components/schemas/RemoveBuildSecretReply"
       }
      }
     }
    },
    "default": {
     "$ref": "#/components/responses/Error"
    }
   }
  }
 },
 "/builds": {
  "get": {
   "operationId": "listBuilds",
   "summary": "List builds, the newest first.",
   "x-ram-action": "cr:ListRepositoryBuild",
   "x-ram-resource": "repository/{InstanceId}/{NamespaceName}/{RepoName}",
   "x-ram-level": "List",
   "parameters": [
    {
     "name": "repository",
     "in": "query",
     "description": "NAMESPACE/NAME",
     "schema": {
      "type": "string",
      "pattern": "^[^/]{1,128}/[^/]{1,128}$"
     }
    },
    {
     "name": "status",
     "in": "query",
     "description": "Only these statuses, separated by commas.",
     "schema": {
      "type": "string"
     }
    },
    {
     "name": "since",
     "in": "query",
     "description": "At this time or later.",
     "schema": {
      "type": "string",
      "description": "Milliseconds since 1970, or ISO 8601 with an offset."
     }
    },
    {
     "name": "until",
     "in": "query",
     "description": "Before this time.",
     "schema": {
      "type": "string",
      "description": "Milliseconds since 1970, or ISO 8601 with an offset."
     }
    },
    {
     "name": "commit",
     "in": "query",
     "description": "Only commits with this prefix.",
     "schema": {
      "type": "string",
      "pattern": "^[0-9a-f]{4,64}$"
     }
    },
    {
     "name": "limit",
     "in": "query",
     "description": "30 if absent.",
     "schema": {
      "type": "integer",
      "minimum": 1,
      "maximum": 100
     }
    },
    {
     "name": "cursor",
     "in": "query",
     "description": "Where the last list ended.",
     "schema": {
      "type": "integer",
      "minimum": 1
     }
    }
   ],
   "responses": {
    "200": {
     "description": "List builds, the newest first.",
     "content": {
      "application/json": {
       "schema": {
        "$ref": "#/components/schemas/ListBuildsReply"
       }
      }
     }
    },
    "default": {
     "$ref": "#/components/responses/Error"
    }
   }
  },
  "post": {
   "operationId": "createBuild",
   "summary": "Queue a build without a rule.",
   "x-ram-action": "cr:BuildRepositoryByRule",
   "x-ram-resource": "repository/{InstanceId}/{NamespaceName}/{RepoName}",
   "x-ram-level": "Create",
   "requestBody": {
    "required": true,
    "content": {
     "application/json": {
      "schema": {
       "$ref": "#/components/schemas/NewBuild"
      }
     }
    }
   },
   "responses": {
    "200": {
     "description": "Queue a build without a rule.",
     "content": {
      "application/json": {
       "schema": {
        "$ref": "#/components/schemas/CreateBuildReply"
       }
      }
     }
    },
    "default": {
     "$ref": "#/components/responses/Error"
    }
   }
  }
 },
 "/builds/{id}": {
  "get": {
   "operationId": "getBuild",
   "summary": "All that is known of a build.",
   "x-ram-action": "cr:GetRepositoryBuildRecord",
   "x-ram-resource": "repository/{InstanceId}/{NamespaceName}/{RepoName}",
   "x-ram-level": "Read",
   "parameters": [
    {
     "name": "id",
     "in": "path",
     "required": true,
     "description": "BuildRecordId",
     "schema": {
      "type": "string",
      "format": "uuid"
     }
    }
   ],
   "responses": {
    "200": {
     "description": "All that is known of a build.",
     "content": {
      "application/json": {
       "schema": {
        "$ref": "#/components/schemas/GetBuildReply"
       }
      }
     }
    },
    "default": {
     "$ref": "#/components/responses/Error"
    }
   }
  }
 },
 "/builds/{id}/steps": {
  "get": {
   "operationId": "listSteps",
   "summary": "The steps of the Dockerfile that have begun.",
   "x-ram-action": "cr:GetRepositoryBuildLog",
   "x-ram-resource": "*",
   "x-ram-level": "Read",
   "parameters": [
    {
     "name": "id",
     "in": "path",
     "required": true,
     "description": "BuildRecordId",
     "schema": {
      "type": "string",
      "format": "uuid"
     }
    }
   ],
   "responses": {
    "200": {
     "description": "The steps of the Dockerfile that have begun.",
     "content": {
      "application/json": {
       "schema": {
        "$ref": "#/components/schemas/ListStepsReply"
       }
      }
     }
    },
    "default": {
     "$ref": "#/components/responses/Error"
    }
   }
  }
 },
 "/sources/{type}": {
  "put": {
   "operationId": "setCodeHost",
   "summary": "Set where a kind of code host is, and what opens it.",
   "x-ram-action": "cr:UpdateSourceRepository",
   "x-ram-resource": "*",
   "x-ram-level": "Update",
   "parameters": [
    {
     "name": "type",
     "in": "path",
     "required": true,
     "description": "Kind of code host.",
     "schema": {
      "type": "string",
      "enum": [
       "GITHUB",
       "GITLAB",
       "GITEE",
       "CODE",
       "CODEUP"
      ]
     }
    }
   ],
   "requestBody": {
    "required": true,
    "content": {
     "application/json": {
      "schema": {
       "$ref": "#/components/schemas/NewCodeHost"
      }
     }
    }
   },
   "responses": {
    "200": {
     "description": "Set where a kind of code host is, and what opens it.",
     "content": {
      "application/json": {
       "schema": {
        "$ref": "#/components/schemas/SetCodeHostReply"
       }
      }
     }
    },
    "default": {
     "$ref": "#/components/responses/Error"
    }
   }
  },
  "delete": {
   "operationId": "removeCodeHost",
   "summary": "Remove a code host and its credentials.",
   "x-ram-action": "cr:UpdateSourceRepository",
   "x-ram-resource": "*",
   "x-ram-level": "Delete",
   "parameters": [
    {
     "name": "type",
     "in": "path",
     "required": true,
     "description": "Kind of code host.",
     "schema": {
      "type": "string",
      "enum": [
       "GITHUB",
       "GITLAB",
       "GITEE",
       "CODE",
       "CODEUP"
      ]
     }
    }
   ],
   "responses": {
    "200": {
     "description": "Remove a code host and its credentials.",
     "content": {
      "application/json": {
       "schema": {
        "$ref": "#/components/schemas/RemoveCodeHostReply"
       }
      }
     }
    },
    "default": {
     "$ref": "#/components/responses/Error"
    }
   }
  }
 },
 "/registries": {
  "get": {
   "operationId": "listRegistries",
   "summary": "The registries of base images that were set.",
   "x-ram-action": "cr:GetSourceRepository",
   "x-ram-resource": "*",
   "x-ram-level": "List",
   "responses": {
    "200": {
     "description": "The registries of base images that were set.",
     "content": {
      "application/json": {
       "schema": {
        "$ref": "#/components/schemas/ListRegistriesReply"
       }
      }
     }
    },
    "default": {
     "$ref": "#/components/responses/Error"
    }
   }
  }
 },
 "/registries/{host}/login": {
  "put": {
   "operationId": "setRegistryLogin",
   "summary": "Set what builds log in with at a registry.",
   "x-ram-action": "cr:UpdateSourceRepository",
   "x-ram-resource": "*",
   "x-ram-level": "Update",
   "parameters": [
    {
     "name": "host",
     "in": "path",
     "required": true,
     "description": "Host of a registry, as in docker.io or registry.example:5000.",
     "schema": {
      "type": "string"
     }
    }
   ],
   "requestBody": {
    "required": true,
    "content": {
     "application/json": {
      "schema": {
       "$ref": "#/components/schemas/NewRegistryLogin"
      }
     }
    }
   },
   "responses": {
    "200": {
     "description": "Set what builds log in with at a registry.",
     "content": {
      "application/json": {
       "schema": {
        "$ref": "#/components/schemas/SetRegistryLoginReply"
       }
      }
     }
    },
    "default": {
     "$ref": "#/components/responses/Error"
    }
   }
  },
  "delete": {
   "operationId": "removeRegistryLogin",
   "summary": "Remove the login of a registry.",
   "x-ram-action": "cr:UpdateSourceRepository",
   "x-ram-resource": "*",
   "x-ram-level": "Delete",
   "parameters": [
    {
     "name": "host",
     "in": "path",
     "required": true,
     "description": "Host of a registry, as in docker.io or registry.example:5000.",
     "schema": {
      "type": "string"
     }
    }
   ],
   "responses": {
    "200": {
     "description": "Remove the login of a registry.",
     "content": {
      "application/json": {
       "schema": {
        "$ref": "#/components/schemas/RemoveRegistryLoginReply"
       }
      }
     }
    },
    "default": {
     "$ref": "#/components/responses/Error"
    }
   }
  }
 },
 "/registries/{host}/mirrors": {
  "put": {
   "operationId": "setRegistryMirrors",
   "summary": "Set the mirrors that are asked before a registry, in order.",
   "x-ram-action": "cr:UpdateSourceRepository",
   "x-ram-resource": "*",
   "x-ram-level": "Update",
   "parameters": [
    {
     "name": "host",
     "in": "path",
     "required": true,
     "description": "Host of a registry, as in docker.io or registry.example:5000.",
     "schema": {
      "type": "string"
     }
    }
   ],
   "requestBody": {
    "required": true,
    "content": {
     "application/json": {
      "schema": {
       "$ref": "#/components/schemas/RegistryMirrors"
      }
     }
    }
   },
   "responses": {
    "200": {
     "description": "Set the mirrors that are asked before a registry, in order.",
     "content": {
      "application/json": {
       "schema": {
        "$ref": "#/components/schemas/SetRegistryMirrorsReply"
       }
      }
     }
    },
    "default": {
     "$ref": "#/components/responses/Error"
    }
   }
  }
 },
 "/registries/{host}/reach": {
  "put": {
   "operationId": "setRegistryReach",
   "summary": "Set how a registry may be reached.",
   "x-ram-action": "cr:UpdateSourceRepository",
   "x-ram-resource": "*",
   "x-ram-level": "Update",
   "parameters": [
    {
     "name": "host",
     "in": "path",
     "required": true,
     "description": "Host of a registry, as in docker.io or registry.example:5000.",
     "schema": {
      "type": "string"
     }
    }
   ],
   "requestBody": {
    "required": true,
    "content": {
     "application/json": {
      "schema": {
       "$ref": "#/components/schemas/RegistryReach"
      }
     }
    }
   },
   "responses": {
    "200": {
     "description": "Set how a registry may be reached.",
     "content": {
      "application/json": {
       "schema": {
        "$ref": "#/components/schemas/SetRegistryReachReply"
       }
      }
     }
    },
    "default": {
     "$ref": "#/components/responses/Error"
    }
   }
  }
 },
 "/registries/{host}": {
  "delete": {
   "operationId": "removeRegistry",
   "summary": "Remove everything that was set for a registry.",
   "x-ram-action": "cr:UpdateSourceRepository",
   "x-ram-resource": "*",
   "x-ram-level": "Delete",
   "parameters": [
    {
     "name": "host",
     "in": "path",
     "required": true,
     "description": "Host of a registry, as in docker.io or registry.example:5000.",
     "schema": {
      "type": "string"
     }
    }
   ],
   "responses": {
    "200": {
     "description": "Remove everything that was set for a registry.",
     "content": {
      "application/json": {
       "schema": {
        "$ref": "#/components/schemas/RemoveRegistryReply"
       }
      }
     }
    },
    "default": {
     "$ref": "#/components/responses/Error"
    }
   }
  }
 },
 "/repositories/{namespace}/{name}/hook": {
  "post": {
   "operationId": "createHook",
   "summary": "A new address and secret for push events.",
   "x-ram-action": "cr:UpdateSourceRepository",
   "x-ram-resource": "repository/{InstanceId}/{NamespaceName}/{RepoName}",
   "x-ram-level": "Create",
   "parameters": [
    {
     "name": "namespace",
     "in": "path",
     "required": true,
     "description": "Namespace.",
     "schema": {
      "type": "string"
     }
    },
    {
     "name": "name",
     "in": "path",
     "required": true,
     "description": "Repository.",
     "schema": {
      "type": "string"
     }
    }
   ],
   "responses": {
    "200": {
     "description": "A new address and secret for push events.",
     "content": {
      "application/json": {
       "schema": {
        "$ref": "#/components/schemas/CreateHookReply"
       }
      }
     }
    },
    "default": {
     "$ref": "#/components/responses/Error"
    }
   }
  }
 },
 "/repositories/{namespace}/{name}/tags": {
  "get": {
   "operationId": "listTags",
   "summary": "The tags that can be pulled, those set last first, and which builds made them.",
   "x-ram-action": "cr:ListRepositoryTag",
   "x-ram-resource": "repository/{InstanceId}/{NamespaceName}/{RepoName}",
   "x-ram-level": "List",
   "parameters": [
    {
     "name": "namespace",
     "in": "path",
     "required": true,
     "description": "Namespace.",
     "schema": {
      "type": "string"
     }
    },
    {
     "name": "name",
     "in": "path",
     "required": true,
     "description": "Repository.",
     "schema": {
      "type": "string"
     }
    },
    {
     "name": "limit",
     "in": "query",
     "description": "50 if absent.",
     "schema": {
      "type": "integer",
      "minimum": 1,
      "maximum": 100
     }
    },
    {
     "name": "cursor",
     "in": "query",
     "description": "Where the last list ended.",
     "schema": {
      "type": "string",
      "pattern": "^\\d{1,15}\\.\\w[\\w.-]{0,127}$"
     }
    }
   ],
   "responses": {
    "200": {
     "description": "The tags that can be pulled, those set last first, and which builds made them.",
     "content": {
      "application/json": {
       "schema": {
        "$ref": "#/components/schemas/ListTagsReply"
       }
      }
     }
    },
    "default": {
     "$ref": "#/components/responses/Error"
    }
   }
  }
 },
 "/builds/statistics": {
  "get": {
   "operationId": "getStatistics",
   "summary": "How builds went over time, in equal periods.",
   "x-ram-action": "cr:ListRepositoryBuild",
   "x-ram-resource": "repository/{InstanceId}/{NamespaceName}/{RepoName}",
   "x-ram-level": "List",
   "parameters": [
    {
     "name": "period",
     "in": "query",
     "description": "The last day if absent.",
     "schema": {
      "type": "string",
      "enum": [
       "day",
       "week",
       "month"
      ]
     }
    },
    {
     "name": "repository",
     "in": "query",
     "description": "NAMESPACE/NAME",
     "schema": {
      "type": "string",
      "pattern": "^[^/]{1,128}/[^/]{1,128}$"
     }
    }
   ],
   "responses": {
    "200": {
     "description": "How builds went over time, in equal periods.",
     "content": {
      "application/json": {
       "schema": {
        "$ref": "#/components/schemas/GetStatisticsReply"
       }
      }
     }
    },
    "default": {
     "$ref": "#/components/responses/Error"
    }
   }
  }
 },
 "/builds/{id}/log/sections": {
  "get": {
   "operationId": "listSections",
   "summary": "Where each stage and step begins in the log.",
   "x-ram-action": "cr:GetRepositoryBuildLog",
   "x-ram-resource": "*",
   "x-ram-level": "Read",
   "parameters": [
    {
     "name": "id",
     "in": "path",
     "required": true,
     "description": "BuildRecordId",
     "schema": {
      "type": "string",
      "format": "uuid"
     }
    }
   ],
   "responses": {
    "200": {
     "description": "Where each stage and step begins in the log.",
     "content": {
      "application/json": {
       "schema": {
        "$ref": "#/components/schemas/ListSectionsReply"
       }
      }
     }
    },
    "default": {
     "$ref": "#/components/responses/Error"
    }
   }
  }
 },
 "/builds/{id}/diff": {
  "get": {
   "operationId": "diffBuilds",
   "summary": "Where a build first went another way than another build.",
   "x-ram-action": "cr:GetRepositoryBuildLog",
   "x-ram-resource": "*",
   "x-ram-level": "Read",
   "parameters": [
    {
     "name": "id",
     "in": "path",
     "required": true,
     "description": "BuildRecordId",
     "schema": {
      "type": "string",
      "format": "uuid"
     }
    },
    {
     "name": "with",
     "in": "query",
     "description": "The last good build before it if absent.",
     "schema": {
      "type": "string",
      "pattern": "^[0-9a-fA-F-]{36}$"
     }
    }
   ],
   "responses": {
    "200": {
     "description": "Where a build first went another way than another build.",
     "content": {
      "application/json": {
       "schema": {
        "$ref": "#/components/schemas/DiffBuildsReply"
       }
      }
     }
    },
    "default": {
     "$ref": "#/components/responses/Error"
    }
   }
  }
 },
 "/builds/{id}/card": {
  "get": {
   "operationId": "getCard",
   "summary": "Why a build failed.",
   "x-ram-action": "cr:GetRepositoryBuildLog",
   "x-ram-resource": "*",
   "x-ram-level": "Read",
   "parameters": [
    {
     "name": "id",
     "in": "path",
     "required": true,
     "description": "BuildRecordId",
     "schema": {
      "type": "string",
      "format": "uuid"
     }
    }
   ],
   "responses": {
    "200": {
     "description": "Why a build failed.",
     "content": {
      "application/json": {
       "schema": {
        "$ref": "#/components/schemas/GetCardReply"
       }
      }
     }
    },
    "default": {
     "$ref": "#/components/responses/Error"
    }
   }
  }
 },
 "/builds/{id}/log": {
  "get": {
   "operationId": "getLogPage",
   "summary": "A page of lines, with all that is known of each.",
   "x-ram-action": "cr:GetRepositoryBuildLog",
   "x-ram-resource": "*",
   "x-ram-level": "Read",
   "parameters": [
    {
     "name": "id",
     "in": "path",
     "required": true,
     "description": "BuildRecordId",
     "schema": {
      "type": "string",
      "format": "uuid"
     }
    },
    {
     "name": "offset",
     "in": "query",
     "description": "Lines to skip; line k is at offset k − 1.",
     "schema": {
      "type": "integer",
      "minimum": 0,
      "maximum": 9007199254740990
     }
    },
    {
     "name": "limit",
     "in": "query",
     "description": "100 if absent.",
     "schema": {
      "type": "integer",
      "minimum": 1,
      "maximum": 1000
     }
    },
    {
     "name": "stage",
     "in": "query",
     "description": "Only lines of this stage.",
     "schema": {
      "type": "string",
      "enum": [
       "GIT_CLONE",
       "DOCKER_IMAGE_BUILD",
       "DOCKER_IMAGE_PUSH"
      ]
     }
    },
    {
     "name": "step",
     "in": "query",
     "description": "Only lines of this step of the Dockerfile; 0 is those of none.",
     "schema": {
      "type": "integer",
      "minimum": 0,
      "maximum": 4294967295
     }
    },
    {
     "name": "since",
     "in": "query",
     "description": "Only lines from this time on, and those whose time is unknown.",
     "schema": {
      "type": "string",
      "description": "Milliseconds since 1970, or ISO 8601 with an offset."
     }
    }
   ],
   "responses": {
    "200": {
     "description": "A page of lines, with all that is known of each.",
     "content": {
      "application/json": {
       "schema": {
        "$ref": "#/components/schemas/GetLogPageReply"
       }
      }
     }
    },
    "default": {
     "$ref": "#/components/responses/Error"
    }
   }
  }
 },
 "/builds/{id}/log/seal": {
  "get": {
   "operationId": "getSeal",
   "summary": "The seal of a log, if it has ended.",
   "x-ram-action": "cr:GetRepositoryBuildLog",
   "x-ram-resource": "*",
   "x-ram-level": "Read",
   "parameters": [
    {
     "name": "id",
     "in": "path",
     "required": true,
     "description": "BuildRecordId",
     "schema": {
      "type": "string",
      "format": "uuid"
     }
    }
   ],
   "responses": {
    "200": {
     "description": "The seal of a log, if it has ended.",
     "content": {
      "application/json": {
       "schema": {
        "$ref": "#/components/schemas/GetSealReply"
       }
      }
     }
    },
    "default": {
     "$ref": "#/components/responses/Error"
    }
   }
  }
 },
 "/builds/{id}/log/verify": {
  "get": {
   "operationId": "verifyLog",
   "summary": "Read and check all of a log, and tell what is damaged.",
   "x-ram-action": "cr:GetRepositoryBuildLog",
   "x-ram-resource": "*",
   "x-ram-level": "Read",
   "parameters": [
    {
     "name": "id",
     "in": "path",
     "required": true,
     "description": "BuildRecordId",
     "schema": {
      "type": "string",
      "format": "uuid"
     }
    }
   ],
   "responses": {
    "200": {
     "description": "Read and check all of a log, and tell what is damaged.",
     "content": {
      "application/json": {
       "schema": {
        "$ref": "#/components/schemas/VerifyLogReply"
       }
      }
     }
    },
    "default": {
     "$ref": "#/components/responses/Error"
    }
   }
  }
 },
 "/builds/{id}/log/repair": {
  "post": {
   "operationId": "repairLog",
   "summary": "Repair what can be repaired of the log of a build that ended.",
   "x-ram-action": "cr:UpdateRepository",
   "x-ram-resource": "repository/{InstanceId}/{NamespaceName}/{RepoName}",
   "x-ram-level": "Update",
   "parameters": [
    {
     "name": "id",
     "in": "path",
     "required": true,
     "description": "BuildRecordId",
     "schema": {
      "type": "string",
      "format": "uuid"
     }
    }
   ],
   "responses": {
    "200": {
     "description": "Repair what can be repaired of the log of a build that ended.",
     "content": {
      "application/json": {
       "schema": {
        "$ref": "#/components/schemas/RepairLogReply"
       }
      }
     }
    },
    "default": {
     "$ref": "#/components/responses/Error"
    }
   }
  }
 },
 "/builds/{id}/log/stream": {
  "get": {
   "operationId": "streamLog",
   "summary": "The log as server-sent events, from a line on to its end.",
   "x-ram-action": "cr:GetRepositoryBuildLog",
   "x-ram-resource": "*",
   "x-ram-level": "Read",
   "parameters": [
    {
     "name": "id",
     "in": "path",
     "required": true,
     "description": "BuildRecordId",
     "schema": {
      "type": "string",
      "format": "uuid"
     }
    },
    {
     "name": "from",
     "in": "query",
     "description": "Begin with this line.",
     "schema": {
      "type": "integer",
      "minimum": 1
     }
    },
    {
     "name": "tail",
     "in": "query",
     "description": "Begin with the last lines, this many, before the filter.",
     "schema": {
      "type": "integer",
      "minimum": 0
     }
    },
    {
     "name": "stage",
     "in": "query",
     "description": "Only lines of this stage.",
     "schema": {
      "type": "string",
      "enum": [
       "GIT_CLONE",
       "DOCKER_IMAGE_BUILD",
       "DOCKER_IMAGE_PUSH"
      ]
     }
    },
    {
     "name": "step",
     "in": "query",
     "description": "Only lines of this step of the Dockerfile; 0 is those of none.",
     "schema": {
      "type": "integer",
      "minimum": 0,
      "maximum": 4294967295
     }
    },
    {
     "name": "since",
     "in": "query",
     "description": "Only lines from this time on, and those whose time is unknown.",
     "schema": {
      "type": "string",
      "description": "Milliseconds since 1970, or ISO 8601 with an offset."
     }
    },
    {
     "name": "Last-Event-ID",
     "in": "header",
     "description": "Begin after this line; wins over the query.",
     "schema": {
      "type": "integer",
      "minimum": 0,
      "maximum": 9007199254740990
     }
    }
   ],
   "responses": {
    "200": {
     "description": "The log as server-sent events, from a line on to its end.",
     "content": {
      "text/event-stream": {}
     }
    },
    "default": {
     "$ref": "#/components/responses/Error"
    }
   }
  }
 },
 "/builds/{id}/log/search": {
  "get": {
   "operationId": "searchLog",
   "summary": "Look for a text or a regular expression in a log.",
   "x-ram-action": "cr:GetRepositoryBuildLog",
   "x-ram-resource": "*",
   "x-ram-level": "Read",
   "parameters": [
    {
     "name": "id",
     "in": "path",
     "required": true,
     "description": "BuildRecordId",
     "schema": {
      "type": "string",
      "format": "uuid"
     }
    },
    {
     "name": "q",
     "in": "query",
     "description": "A text to look for.",
     "schema": {
      "type": "string",
      "pattern": "^[^\\n\\0]{1,1000}$"
     }
    },
    {
     "name": "regex",
     "in": "query",
     "description": "Or a regular expression: linear time, so no look-around and no back-references.",
     "schema": {
      "type": "string",
      "pattern": "^[^\\n\\0]{1,1000}$"
     }
    },
    {
     "name": "ignorecase",
     "in": "query",
     "description": "Ignore case.",
     "schema": {
      "type": "boolean"
     }
    },
    {
     "name": "context",
     "in": "query",
     "description": "Lines before and after each hit.",
     "schema": {
      "type": "integer",
      "minimum": 0,
      "maximum": 20
     }
    },
    {
     "name": "limit",
     "in": "query",
     "description": "Maximum number of hits; 100 if absent.",
     "schema": {
      "type": "integer",
      "minimum": 1,
      "maximum": 1000
     }
    },
    {
     "name": "stage",
     "in": "query",
     "description": "Only lines of this stage.",
     "schema": {
      "type": "string",
      "enum": [
       "GIT_CLONE",
       "DOCKER_IMAGE_BUILD",
       "DOCKER_IMAGE_PUSH"
      ]
     }
    },
    {
     "name": "step",
     "in": "query",
     "description": "Only lines of this step of the Dockerfile; 0 is those of none.",
     "schema": {
      "type": "integer",
      "minimum": 0,
      "maximum": 4294967295
     }
    },
    {
     "name": "since",
     "in": "query",
     "description": "Only lines from this time on, and those whose time is unknown.",
     "schema": {
      "type": "string",
      "description": "Milliseconds since 1970, or ISO 8601 with an offset."
     }
    },
    {
     "name": "cursor",
     "in": "query",
     "description": "Where the last search stopped.",
     "schema": {
      "type": "integer",
      "minimum": 1
     }
    }
   ],
   "responses": {
    "200": {
     "description": "Look for a text or a regular expression in a log.",
     "content": {
      "application/json": {
       "schema": {
        "$ref": "#/components/schemas/SearchLogReply"
       }
      }
     }
    },
    "default": {
     "$ref": "#/components/responses/Error"
    }
   }
  }
 },
 "/log/search": {
  "get": {
   "operationId": "searchLogs",
   "summary": "Look through the logs of a repository’s builds, the newest first.",
   "x-ram-action": "cr:GetRepositoryBuildLog",
   "x-ram-resource": "*",
   "x-ram-level": "Read",
   "parameters": [
    {
     "name": "repository",
     "in": "query",
     "required": true,
     "description": "NAMESPACE/NAME",
     "schema": {
      "type": "string",
      "pattern": "^[^/]{1,128}/[^/]{1,128}$"
     }
    },
    {
     "name": "q",
     "in": "query",
     "description": "A text to look for.",
     "schema": {
      "type": "string",
      "pattern": "^[^\\n\\0]{1,1000}$"
     }
    },
    {
     "name": "regex",
     "in": "query",
     "description": "Or a regular expression: linear time, so no look-around and no back-references.",
     "schema": {
      "type": "string",
      "pattern": "^[^\\n\\0]{1,1000}$"
     }
    },
    {
     "name": "ignorecase",
     "in": "query",
     "description": "Ignore case.",
     "schema": {
      "type": "boolean"
     }
    },
    {
     "name": "context",
     "in": "query",
     "description": "Lines before and after each hit.",
     "schema": {
      "type": "integer",
      "minimum": 0,
      "maximum": 20
     }
    },
    {
     "name": "limit",
     "in": "query",
     "description": "Maximum number of hits; 100 if absent.",
     "schema": {
      "type": "integer",
      "minimum": 1,
      "maximum": 1000
     }
    },
    {
     "name": "stage",
     "in": "query",
     "description": "Only lines of this stage.",
     "schema": {
      "type": "string",
      "enum": [
       "GIT_CLONE",
       "DOCKER_IMAGE_BUILD",
       "DOCKER_IMAGE_PUSH"
      ]
     }
    },
    {
     "name": "step",
     "in": "query",
     "description": "Only lines of this step of the Dockerfile; 0 is those of none.",
     "schema": {
      "type": "integer",
      "minimum": 0,
      "maximum": 4294967295
     }
    },
    {
     "name": "since",
     "in": "query",
     "description": "Only lines from this time on, and those whose time is unknown.",
     "schema": {
      "type": "string",
      "description": "Milliseconds since 1970, or ISO 8601 with an offset."
     }
    },
    {
     "name": "cursor",
     "in": "query",
     "description": "Where the last search stopped.",
     "schema": {
      "type": "string",
      "pattern": "^\\d{1,15}:\\d{1,15}$"
     }
    }
   ],
   "responses": {
    "200": {
     "description": "Look through the logs of a repository’s builds, the newest first.",
     "content": {
      "application/json": {
       "schema": {
        "$ref": "#/components/schemas/SearchLogsReply"
       }
      }
     }
    },
    "default": {
     "$ref": "#/components/responses/Error"
    }
   }
  }
 },
 "/builds/{id}/log.txt": {
  "get": {
   "operationId": "getLogText",
   "summary": "The messages, one per line.",
   "x-ram-action": "cr:GetRepositoryBuildLog",
   "x-ram-resource": "*",
   "x-ram-level": "Read",
   "parameters": [
    {
     "name": "id",
     "in": "path",
     "required": true,
     "description": "BuildRecordId",
     "schema": {
      "type": "string",
      "format": "uuid"
     }
    },
    {
     "name": "timestamps",
     "in": "query",
     "description": "Put the time before each.",
     "schema": {
      "type": "boolean"
     }
    }
   ],
   "responses": {
    "200": {
     "description": "The messages, one per line.",
     "content": {
      "text/plain": {}
     }
    },
    "default": {
     "$ref": "#/components/responses/Error"
    }
   }
  }
 },
 "/builds/{id}/log.ndjson": {
  "get": {
   "operationId": "getLogNdjson",
   "summary": "The stored lines, whole or a Range of bytes.",
   "x-ram-action": "cr:GetRepositoryBuildLog",
   "x-ram-resource": "*",
   "x-ram-level": "Read",
   "parameters": [
    {
     "name": "id",
     "in": "path",
     "required": true,
     "description": "BuildRecordId",
     "schema": {
      "type": "string",
      "format": "uuid"
     }
    }
   ],
   "responses": {
    "200": {
     "description": "The stored lines, whole or a Range of bytes.",
     "content": {
      "application/x-ndjson": {}
     }
    },
    "default": {
     "$ref": "#/components/responses/Error"
    }
   }
  }
 },
 "/builds/{id}/log.ndjson.gz": {
  "get": {
   "operationId": "getLogArchive",
   "summary": "The log as one gzip member: the stored archive, or what a running build has so far.",
   "x-ram-action": "cr:GetRepositoryBuildLog",
   "x-ram-resource": "*",
   "x-ram-level": "Read",
   "parameters": [
    {
     "name": "id",
     "in": "path",
     "required": true,
     "description": "BuildRecordId",
     "schema": {
      "type": "string",
      "format": "uuid"
     }
    }
   ],
   "responses": {
    "200": {
     "description": "The log as one gzip member: the stored archive, or what a running build has so far.",
     "content": {
      "application/gzip": {},
      "application/x-ndjson": {}
     }
    },
    "default": {
     "$ref": "#/components/responses/Error"
    }
   }
  }
 },
 "/calls": {
  "get": {
   "operationId": "listCalls",
   "summary": "The record of calls, the newest first.",
   "x-ram-action": "actiontrail:LookupEvents",
   "x-ram-resource": "*",
   "x-ram-level": "List",
   "parameters": [
    {
     "name": "request",
     "in": "query",
     "description": "The RequestId of an answer, and nothing else: the call that was answered so.",
     "schema": {
      "type": "string",
      "pattern": "^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$"
     }
    },
    {
     "name": "caller",
     "in": "query",
     "description": "An ARN, or what of it follows the account: user/reader; a * at the end matches any ending.",
     "schema": {
      "type": "string",
      "pattern": "^[^*]{0,300}\\*?$"
     }
    },
    {
     "name": "key",
     "in": "query",
     "description": "The id of the key that signed.",
     "schema": {
      "type": "string",
      "pattern": "^[^*]{1,128}$"
     }
    },
    {
     "name": "action",
     "in": "query",
     "description": "A RAM action; a * at the end matches any ending.",
     "schema": {
      "type": "string",
      "pattern": "^[A-Za-z0-9:-]{0,100}\\*?$"
     }
    },
    {
     "name": "result",
     "in": "query",
     "description": "allowed, denied, failed (allowed, and refused for another reason), or a code.",
     "schema": {
      "type": "string",
      "pattern": "^[A-Za-z][A-Za-z0-9._]{0,99}$"
     }
    },
    {
     "name": "since",
     "in": "query",
     "description": "At this time or later.",
     "schema": {
      "type": "string",
      "description": "Milliseconds since 1970, or ISO 8601 with an offset."
     }
    },
    {
     "name": "until",
     "in": "query",
     "description": "Before this time.",
     "schema": {
      "type": "string",
      "description": "Milliseconds since 1970, or ISO 8601 with an offset."
     }
    },
    {
     "name": "limit",
     "in": "query",
     "description": "30 if absent.",
     "schema": {
      "type": "integer",
      "minimum": 1,
      "maximum": 100
     }
    },
    {
     "name": "cursor",
     "in": "query",
     "description": "Where the last list ended.",
     "schema": {
      "type": "string",
      "pattern": "^\\d{1,15}-\\d{1,15}$"
     }
    }
   ],
   "responses": {
    "200": {
     "description": "The record of calls, the newest first.",
     "content": {
      "application/json": {
       "schema": {
        "$ref": "#/components/schemas/ListCallsReply"
       }
      }
     }
    },
    "default": {
     "$ref": "#/components/responses/Error"
    }
   }
  }
 },
 "/policy/simulate": {
  "post": {
   "operationId": "simulatePolicy",
   "summary": "What would be decided of a call, and why.",
   "x-ram-action": "ram:SimulatePolicy",
   "x-ram-resource": "*",
   "x-ram-level": "Read",
   "requestBody": {
    "required": true,
    "content": {
     "application/json": {
      "schema": {
       "$ref": "#/components/schemas/PolicyQuestion"
      }
     }
    }
   },
   "responses": {
    "200": {
     "description": "What would be decided of a call, and why.",
     "content": {
      "application/json": {
       "schema": {
        "$ref": "#/components/schemas/SimulatePolicyReply"
       }
      }
     }
    },
    "default": {
     "$ref": "#/components/responses/Error"
    }
   }
  }
 },
 "/tokens": {
  "get": {
   "operationId": "listTokens",
   "summary": "The caller’s tokens.",
   "x-ram-action": "cr:GetAuthorizationToken",
   "x-ram-resource": "repository/{InstanceId}",
   "x-ram-level": "List",
   "responses": {
    "200": {
     "description": "The caller’s tokens.",
     "content": {
      "application/json": {
       "schema": {
        "$ref": "#/components/schemas/ListTokensReply"
       }
      }
     }
    },
    "default": {
     "$ref": "#/components/responses/Error"
    }
   }
  },
  "post": {
   "operationId": "createToken",
   "summary": "A bearer token with the caller’s rights, for one hour.",
   "x-ram-action": "cr:GetAuthorizationToken",
   "x-ram-resource": "repository/{InstanceId}",
   "x-ram-level": "Create",
   "responses": {
    "200": {
     "description": "A bearer token with the caller’s rights, for one hour.",
     "content": {
      "application/json": {
       "schema": {
        "$ref": "#/components/schemas/CreateTokenReply"
       }
      }
     }
    },
    "default": {
     "$ref": "#/components/responses/Error"
    }
   }
  }
 },
 "/tokens/{tokenId}": {
  "delete": {
   "operationId": "deleteToken",
   "summary": "Revoke one of the caller’s tokens.",
   "x-ram-action": "cr:GetAuthorizationToken",
   "x-ram-resource": "repository/{InstanceId}",
   "x-ram-level": "Delete",
   "parameters": [
    {
     "name": "tokenId",
     "in": "path",
     "required": true,
     "description": "TokenId",
     "schema": {
      "type": "string"
     }
    }
   ],
   "responses": {
    "200": {
     "description": "Revoke one of the caller’s tokens.",
     "content": {
      "application/json": {
       "schema": {
        "$ref": "#/components/schemas/DeleteTokenReply"
       }
      }
     }
    },
    "default": {
     "$ref": "#/components/responses/Error"
    }
   }
  }
 },
 "/server": {
  "get": {
   "operationId": "getServer",
   "summary": "Which server this is, with a proof that it knows the secret that signed.",
   "x-ram-action": "sts:GetCallerIdentity",
   "x-ram-resource": "*",
   "x-ram-level": "Read",
   "responses": {
    "200": {
     "description": "Which server this is, with a proof that it knows the secret that signed.",
     "content": {
      "application/json": {
       "schema": {
        "$ref": "#/components/schemas/GetServerReply"
       }
      }
     }
    },
    "default": {
     "$ref": "#/components/responses/Error"
    }
   }
  }
 },
 "/session": {
  "post": {
   "operationId": "openSession",
   "summary": "Temporary credentials of the caller, for one hour.",
   "x-ram-action": "sts:GetCallerIdentity",
   "x-ram-resource": "*",
   "x-ram-level": "Create",
   "responses": {
    "200": {
     "description": "Temporary credentials of the caller, for one hour.",
     "content": {
      "application/json": {
       "schema": {
        "$ref": "#/components/schemas/OpenSessionReply"
       }
      }
     }
    },
    "default": {
     "$ref": "#/components/responses/Error"
    }
   }
  },
  "delete": {
   "operationId": "closeSession",
   "summary": "End the session whose key signs.",
   "x-ram-action": "sts:GetCallerIdentity",
   "x-ram-resource": "*",
   "x-ram-level": "Delete",
   "responses": {
    "200": {
     "description": "End the session whose key signs.",
     "content": {
      "application/json": {
       "schema": {
        "$ref": "#/components/schemas/CloseSessionReply"
       }
      }
     }
    },
    "default": {
     "$ref": "#/components/responses/Error"
    }
   }
  }
 },
 "/session/password": {
  "post": {
   "operationId": "openSessionByPassword",
   "summary": "The same for a console password, over TLS or on localhost.",
   "x-ram-action": "console:SignIn",
   "x-ram-resource": "*",
   "x-ram-level": "Create",
   "requestBody": {
    "required": true,
    "content": {
     "application/json": {
      "schema": {
       "$ref": "#/components/schemas/PasswordSignIn"
      }
     }
    }
   },
   "responses": {
    "200": {
     "description": "The same for a console password, over TLS or on localhost.",
     "content": {
      "application/json": {
       "schema": {
        "$ref": "#/components/schemas/OpenSessionByPasswordReply"
       }
      }
     }
    },
    "default": {
     "$ref": "#/components/responses/Error"
    }
   }
  }
 },
 "/session/renew": {
  "post": {
   "operationId": "renewSession",
   "summary": "The same for the cookie of an earlier one; 204 if the cookie is not valid.",
   "x-ram-action": "console:RenewSession",
   "x-ram-resource": "*",
   "x-ram-level": "Create",
   "responses": {
    "200": {
     "description": "The same for the cookie of an earlier one; 204 if the cookie is not valid.",
     "content": {
      "application/json": {
       "schema": {
        "$ref": "#/components/schemas/RenewSessionReply"
       }
      }
     }
    },
    "default": {
     "$ref": "#/components/responses/Error"
    }
   }
  }
 },
 "/session/may": {
  "post": {
   "operationId": "mayCaller",
   "summary": "Which calls the caller’s policies allow.",
   "x-ram-action": "sts:GetCallerIdentity",
   "x-ram-resource": "*",
   "x-ram-level": "Read",
   "requestBody": {
    "required": true,
    "content": {
     "application/json": {
      "schema": {
       "$ref": "#/components/schemas/MayQuestion"
      }
     }
    }
   },
   "responses": {
    "200": {
     "description": "Which calls the caller’s policies allow.",
     "content": {
      "application/json": {
       "schema": {
        "$ref": "#/components/schemas/MayCallerReply"
       }
      }
     }
    },
    "default": {
     "$ref": "#/components/responses/Error"
    }
   }
  }
 }
};

export const nativeSchemas: Readonly<Record<string, object>> = {
 "RequestId": {
  "type": "string",
  "pattern": "^[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$"
 },
 "Uuid": {
  "type": "string",
  "format": "uuid"
 },
 "TimeMs": {
  "type": "integer",
  "description": "Milliseconds since 1970-01-01 UTC."
 },
 "StepPlace": {
  "type": "string",
  "description": "Where the step stands, as the log and all messages call it: `3/4`, or `3/4 of stage 1/2`."
 },
 "Count": {
  "type": "integer",
  "minimum": 0
 },
 "Cursor": {
  "type": "string",
  "description": "There is more: send it as `cursor`. Absent at the end."
 },
 "BuildStatus": {
  "type": "string",
  "enum": [
   "PENDING",
   "BUILDING",
   "SUCCESS",
   "FAILED",
   "CANCELED"
  ]
 },
 "BuildStage": {
  "type": "string",
  "enum": [
   "GIT_CLONE",
   "DOCKER_IMAGE_BUILD",
   "DOCKER_IMAGE_PUSH"
  ]
 },
 "Verdict": {
  "type": "string",
  "enum": [
   "complete",
   "partial"
  ]
 },
 "CodeRepoType": {
  "type": "string",
  "enum": [
   "GITHUB",
   "GITLAB",
   "GITEE",
   "CODE",
   "CODEUP"
  ]
 },
 "Error": {
  "type": "object",
  "properties": {
   "RequestId": {
    "$ref": "#/components/schemas/RequestId"
   },
   "Code": {
    "type": "string"
   },
   "Message": {
    "type": "string"
   },
   "Recommend": {
    "type": "string"
   },
   "AccessDeniedDetail": {
    "type": "object"
   }
  },
  "required": [
   "RequestId",
   "Code",
   "Message"
  ],
  "additionalProperties": false
 },
 "Failure": {
  "type": "object",
  "description": "Why the build did not succeed, and whose fault it was.",
  "properties": {
   "Fault": {
    "type": "string",
    "enum": [
     "source",
     "settings",
     "machine",
     "cancelled"
    ]
   },
   "Message": {
    "type": "string"
   }
  },
  "required": [
   "Fault",
   "Message"
  ],
  "additionalProperties": false
 },
 "Line": {
  "type": "object",
  "description": "A line of a log.",
  "properties": {
   "LineNumber": {
    "type": "integer",
    "minimum": 1
   },
   "Message": {
    "type": "string"
   },
   "BuildStage": {
    "$ref": "#/components/schemas/BuildStage"
   },
   "Step": {
    "type": "integer",
    "minimum": 0,
    "description": "Step of the Dockerfile, counted over its stages; 0 is none."
   },
   "Attempt": {
    "type": "integer",
    "minimum": 0,
    "description": "From 1; 0 is unknown."
   },
   "Time": {
    "$ref": "#/components/schemas/TimeMs"
   },
   "Continued": {
    "type": "boolean",
    "description": "The output goes on in the next line."
   }
  },
  "required": [
   "LineNumber",
   "Message",
   "BuildStage",
   "Step",
   "Attempt",
   "Continued"
  ],
  "additionalProperties": false
 },
 "Seal": {
  "type": "object",
  "description": "What is known of a sealed log for good; docs/log-format.md defines it.",
  "properties": {
   "lineCount": {
    "type": "integer"
   },
   "sizeBytes": {
    "type": "integer"
   },
   "sha256": {
    "type": "string",
    "pattern": "^[0-9a-f]{64}$"
   },
   "maskedValues": {
    "type": "integer",
    "description": "Absent if unknown, like droppedLines."
   },
   "droppedLines": {
    "type": "integer"
   },
   "verdict": {
    "$ref": "#/components/schemas/Verdict"
   },
   "reason": {
    "type": "string"
   },
   "ranges": {
    "type": "array",
    "items": {
     "type": "object",
     "properties": {
      "firstLine": {
       "type": "integer"
      },
      "lastLine": {
       "type": "integer"
      },
      "reason": {
       "type": "string"
      }
     },
     "required": [
      "firstLine",
      "lastLine",
      "reason"
     ],
     "additionalProperties": false
    }
   },
   "sealedAtMs": {
    "$ref": "#/components/schemas/TimeMs"
   },
   "blockCount": {
    "type": "integer"
   },
   "archiveBytes": {
    "type": "integer"
   }
  },
  "required": [
   "lineCount",
   "sizeBytes",
   "sha256",
   "verdict",
   "ranges",
   "sealedAtMs",
   "blockCount",
   "archiveBytes"
  ],
  "additionalProperties": false
 },
 "Build": {
  "type": "object",
  "properties": {
   "BuildRecordId": {
    "$ref": "#/components/schemas/Uuid"
   },
   "InstanceId": {
    "type": "string"
   },
   "RepoId": {
    "type": "string"
   },
   "Repository": {
    "type": "string",
    "description": "NAMESPACE/NAME"
   },
   "ImageTag": {
    "type": "string"
   },
   "Status": {
    "$ref": "#/components/schemas/BuildStatus"
   },
   "Failure": {
    "$ref": "#/components/schemas/Failure"
   },
   "ImageDigest": {
    "type": "string"
   },
   "CommitId": {
    "type": "string"
   },
   "CommitAuthor": {
    "type": "string"
   },
   "CommitMessage": {
    "type": "string",
    "description": "The first line of the commit’s message."
   },
   "BaseImages": {
    "type": "array",
    "items": {
     "type": "object",
     "properties": {
      "Name": {
       "type": "string"
      },
      "Digest": {
       "type": "string"
      },
      "Platform": {
       "type": "string"
      }
     },
     "required": [
      "Name",
      "Digest"
     ],
     "additionalProperties": false
    }
   },
   "BuildRuleId": {
    "type": "string"
   },
   "Requesters": {
    "type": "array",
    "items": {
     "type": "object",
     "properties": {
      "Part": {
       "type": "string",
       "enum": [
        "call",
        "rule",
        "source",
        "record"
       ],
       "description": "The caller; who made or last changed rule and source; who asked for the build that it repeats."
      },
      "Arn": {
       "type": "string"
      }
     },
     "required": [
      "Part"
     ],
     "additionalProperties": false
    }
   },
   "Source": {
    "type": "object",
    "properties": {
     "Kind": {
      "type": "string",
      "enum": [
       "git",
       "code-host",
       "archive"
      ]
     },
     "Name": {
      "type": "string"
     },
     "Url": {
      "type": "string"
     },
     "Ref": {
      "type": "string"
     }
    },
    "required": [
     "Kind"
    ],
    "additionalProperties": false
   },
   "Options": {
    "$ref": "#/components/schemas/ShownBuildOptions"
   },
   "Attempt": {
    "type": "integer",
    "minimum": 0,
    "description": "How often it was started; 0 if it still waits."
   },
   "SupersededBy": {
    "type": "string",
    "format": "uuid",
    "description": "The newer build for which this one was cancelled or, if this one succeeded, that had its tag before it."
   },
   "CreateTime": {
    "$ref": "#/components/schemas/TimeMs"
   },
   "StartTime": {
    "$ref": "#/components/schemas/TimeMs"
   },
   "EndTime": {
    "$ref": "#/components/schemas/TimeMs"
   },
   "LogExpireTime": {
    "type": "integer",
    "description": "When the log was removed, in milliseconds since 1970-01-01 UTC."
   }
  },
  "required": [
   "BuildRecordId",
   "InstanceId",
   "RepoId",
   "Repository",
   "ImageTag",
   "Status",
   "Source",
   "Options",
   "Attempt",
   "CreateTime"
  ],
  "additionalProperties": false
 },
 "ImageTag": {
  "type": "object",
  "properties": {
   "Tag": {
    "type": "string"
   },
   "Digest": {
    "type": "string"
   },
   "MediaType": {
    "type": "string"
   },
   "ImageId": {
    "type": "string",
    "description": "Hex of the configuration’s digest; absent for an index."
   },
   "SizeBytes": {
    "type": "integer",
    "description": "Configuration and layers as they are transferred, each once; of an index those of all its images."
   },
   "CreateTime": {
    "$ref": "#/components/schemas/TimeMs"
   },
   "UpdateTime": {
    "type": "integer",
    "description": "When it was set last, in milliseconds since 1970-01-01 UTC."
   },
   "PushedBy": {
    "type": "string",
    "description": "The ARN of a caller, or build. Absent for tags from before this was kept."
   },
   "Origin": {
    "type": "string",
    "enum": [
     "push",
     "build",
     "copy",
     "restore",
     "adopted"
    ]
   },
   "LastPullTime": {
    "$ref": "#/components/schemas/TimeMs"
   },
   "BuildRecordId": {
    "$ref": "#/components/schemas/Uuid"
   },
   "BuildTime": {
    "$ref": "#/components/schemas/TimeMs"
   }
  },
  "required": [
   "Tag",
   "Digest",
   "MediaType",
   "SizeBytes",
   "CreateTime",
   "UpdateTime",
   "Origin"
  ],
  "additionalProperties": false
 },
 "BuildOptions": {
  "type": "object",
  "description": "What one build was asked for beside its source, Dockerfile and build arguments.",
  "properties": {
   "Target": {
    "type": "string",
    "description": "The stage to build; the last one if absent."
   },
   "Platforms": {
    "type": "array",
    "items": {
     "type": "string",
     "description": "What the image is for, such as linux/arm64: several make one index. The platform of the server’s machine if absent."
    }
   },
   "NoCache": {
    "type": "boolean",
    "description": "Runs every step; what they make is kept for the next build."
   },
   "Pull": {
    "type": "boolean",
    "description": "Fails if the registry of a base image does not answer."
   },
   "Labels": {
    "type": "object",
    "additionalProperties": {
     "type": "string"
    }
   },
   "CacheFrom": {
    "type": "array",
    "items": {
     "type": "string",
     "description": "A cache of this registry to take steps from: NAMESPACE/NAME:TAG; at most 8."
    }
   },
   "CacheTo": {
    "type": "object",
    "description": "Where to push a cache of this build.",
    "properties": {
     "Reference": {
      "type": "string",
      "description": "NAMESPACE/NAME:TAG"
     },
     "Mode": {
      "type": "string",
      "enum": [
       "min",
       "max"
      ],
      "description": "max: of all steps; min: of the layers of the image alone; min if absent."
     }
    },
    "required": [
     "Reference"
    ],
    "additionalProperties": false
   }
  },
  "required": [],
  "additionalProperties": false
 },
 "ShownBuildOptions": {
  "type": "object",
  "description": "The options of a build, without the values of its secrets.",
  "properties": {
   "Target": {
    "type": "string",
    "description": "The stage to build; the last one if absent."
   },
   "Platforms": {
    "type": "array",
    "items": {
     "type": "string",
     "description": "What the image is for, such as linux/arm64: several make one index. The platform of the server’s machine if absent."
    }
   },
   "NoCache": {
    "type": "boolean",
    "description": "Runs every step; what they make is kept for the next build."
   },
   "Pull": {
    "type": "boolean",
    "description": "Fails if the registry of a base image does not answer."
   },
   "Labels": {
    "type": "object",
    "additionalProperties": {
     "type": "string"
    }
   },
   "CacheFrom": {
    "type": "array",
    "items": {
     "type": "string",
     "description": "A cache of this registry to take steps from: NAMESPACE/NAME:TAG; at most 8."
    }
   },
   "CacheTo": {
    "type": "object",
    "description": "Where to push a cache of this build.",
    "properties": {
     "Reference": {
      "type": "string",
      "description": "NAMESPACE/NAME:TAG"
     },
     "Mode": {
      "type": "string",
      "enum": [
       "min",
       "max"
      ],
      "description": "max: of all steps; min: of the layers of the image alone; min if absent."
     }
    },
    "required": [
     "Reference"
    ],
    "additionalProperties": false
   },
   "Secrets": {
    "type": "array",
    "items": {
     "type": "string",
     "description": "The id of a secret that came with the build."
    }
   },
   "SshKeys": {
    "type": "array",
    "items": {
     "type": "string",
     "description": "The id of an SSH key that came with the build."
    }
   },
   "BuildContexts": {
    "type": "array",
    "items": {
     "type": "object",
     "properties": {
      "Name": {
       "type": "string"
      },
      "Kind": {
       "type": "string",
       "enum": [
        "archive",
        "git",
        "image"
       ]
      },
      "Image": {
       "type": "string"
      },
      "GitUrl": {
       "type": "string"
      },
      "Ref": {
       "type": "string"
      }
     },
     "required": [
      "Name",
      "Kind"
     ],
     "additionalProperties": false
    }
   }
  },
  "required": [],
  "additionalProperties": false
 },
 "NewBuild": {
  "type": "object",
  "properties": {
   "Target": {
    "type": "string",
    "description": "The stage to build; the last one if absent."
   },
   "Platforms": {
    "type": "array",
    "items": {
     "type": "string",
     "description": "What the image is for, such as linux/arm64: several make one index. The platform of the server’s machine if absent."
    }
   },
   "NoCache": {
    "type": "boolean",
    "description": "Runs every step; what they make is kept for the next build."
   },
   "Pull": {
    "type": "boolean",
    "description": "Fails if the registry of a base image does not answer."
   },
   "Labels": {
    "type": "object",
    "additionalProperties": {
     "type": "string"
    }
   },
   "CacheFrom": {
    "type": "array",
    "items": {
     "type": "string",
     "description": "A cache of this registry to take steps from: NAMESPACE/NAME:TAG; at most 8."
    }
   },
   "CacheTo": {
    "type": "object",
    "description": "Where to push a cache of this build.",
    "properties": {
     "Reference": {
      "type": "string",
      "description": "NAMESPACE/NAME:TAG"
     },
     "Mode": {
      "type": "string",
      "enum": [
       "min",
       "max"
      ],
      "description": "max: of all steps; min: of the layers of the image alone; min if absent."
     }
    },
    "required": [
     "Reference"
    ],
    "additionalProperties": false
   },
   "Secrets": {
    "type": "object",
    "additionalProperties": {
     "type": "string",
     "maxLength": 16384
    }
   },
   "SshKeys": {
    "type": "object",
    "additionalProperties": {
     "type": "string",
     "maxLength": 16384
    }
   },
   "BuildContexts": {
    "type": "array",
    "items": {
     "type": "object",
     "description": "A place that FROM, COPY and mounts find by name: one of ArchiveId, Image and GitUrl.",
     "properties": {
      "Name": {
       "type": "string"
      },
      "ArchiveId": {
       "type": "string"
      },
      "Image": {
       "type": "string",
       "description": "An image, decided on as that of a FROM."
      },
      "GitUrl": {
       "type": "string"
      },
      "Ref": {
       "type": "string"
      }
     },
     "required": [
      "Name"
     ],
     "additionalProperties": false
    }
   },
   "Image": {
    "type": "string",
    "description": "NAMESPACE/NAME:TAG; the tag is latest if absent."
   },
   "Source": {
    "type": "object",
    "description": "ArchiveId and Name of a folder that was sent, or GitUrl and Ref.",
    "properties": {
     "ArchiveId": {
      "type": "string"
     },
     "Name": {
      "type": "string",
      "description": "What the log calls the folder."
     },
     "GitUrl": {
      "type": "string"
     },
     "Ref": {
      "type": "string",
      "description": "A branch, a tag, a whole commit id, or a name below refs/; HEAD if absent."
     }
    },
    "required": [],
    "additionalProperties": false
   },
   "Dockerfile": {
    "type": "string",
    "description": "Its path in the source; Dockerfile if absent."
   },
   "BuildArgs": {
    "type": "array",
    "items": {
     "type": "string",
     "description": "NAME=VALUE"
    }
   }
  },
  "required": [
   "Image",
   "Source"
  ],
  "additionalProperties": false
 },
 "Step": {
  "type": "object",
  "properties": {
   "Step": {
    "type": "integer"
   },
   "Stage": {
    "type": "integer"
   },
   "StageCount": {
    "type": "integer"
   },
   "Number": {
    "type": "integer"
   },
   "NumberCount": {
    "type": "integer"
   },
   "Instruction": {
    "type": "string"
   },
   "Platform": {
    "type": "string",
    "description": "What it runs on, in a build that is not for the platform of the server’s machine alone."
   },
   "TargetPlatform": {
    "type": "string",
    "description": "What it is for, if that is another platform."
   },
   "Cached": {
    "type": "boolean"
   },
   "StartTime": {
    "$ref": "#/components/schemas/TimeMs"
   },
   "EndTime": {
    "$ref": "#/components/schemas/TimeMs"
   },
   "ExitCode": {
    "type": "integer"
   },
   "FirstLine": {
    "type": "integer"
   },
   "LastLine": {
    "type": "integer"
   }
  },
  "required": [
   "Step",
   "Stage",
   "StageCount",
   "Number",
   "NumberCount",
   "Instruction",
   "Cached",
   "StartTime"
  ],
  "additionalProperties": false
 },
 "BuildSecret": {
  "type": "object",
  "properties": {
   "Name": {
    "type": "string"
   },
   "Repository": {
    "type": "string",
    "description": "Absent if it is for all repositories of the instance."
   },
   "CreateTime": {
    "$ref": "#/components/schemas/TimeMs"
   },
   "ModifiedTime": {
    "$ref": "#/components/schemas/TimeMs"
   }
  },
  "required": [
   "Name",
   "CreateTime",
   "ModifiedTime"
  ],
  "additionalProperties": false
 },
 "Cache": {
  "type": "object",
  "properties": {
   "Repository": {
    "type": "string",
    "description": "NAMESPACE/NAME; absent if the repository was deleted."
   },
   "SizeBytes": {
    "type": "integer"
   },
   "UsedTime": {
    "type": "integer",
    "description": "When a build used it last, in milliseconds since 1970-01-01 UTC."
   },
   "InUse": {
    "type": "boolean",
    "description": "A build has it now."
   }
  },
  "required": [
   "SizeBytes",
   "UsedTime",
   "InUse"
  ],
  "additionalProperties": false
 },
 "NewBuildSecret": {
  "type": "object",
  "properties": {
   "Value": {
    "type": "string",
    "maxLength": 16384,
    "description": "6 characters to 16 KiB; it never comes out again."
   }
  },
  "required": [
   "Value"
  ],
  "additionalProperties": false
 },
 "Card": {
  "type": "object",
  "description": "What a reader of a failed build looks for first.",
  "properties": {
   "BuildRecordId": {
    "$ref": "#/components/schemas/Uuid"
   },
   "Status": {
    "$ref": "#/components/schemas/BuildStatus"
   },
   "Failure": {
    "$ref": "#/components/schemas/Failure"
   },
   "ExitCode": {
    "type": "integer"
   },
   "Step": {
    "type": "object",
    "properties": {
     "BuildStage": {
      "$ref": "#/components/schemas/BuildStage"
     },
     "Step": {
      "type": "integer"
     },
     "Place": {
      "$ref": "#/components/schemas/StepPlace"
     },
     "Instruction": {
      "type": "string"
     },
     "FirstLine": {
      "type": "integer"
     }
    },
    "required": [
     "BuildStage",
     "Step",
     "FirstLine"
    ],
    "additionalProperties": false
   },
   "Dockerfile": {
    "type": "object",
    "description": "Where the Dockerfile has the failing step, or names the base image that could not be fetched; the first lines of a long instruction.",
    "properties": {
     "Path": {
      "type": "string"
     },
     "FirstLine": {
      "type": "integer"
     },
     "LastLine": {
      "type": "integer"
     },
     "Lines": {
      "type": "array",
      "items": {
       "type": "string"
      }
     }
    },
    "required": [
     "Path",
     "FirstLine",
     "LastLine",
     "Lines"
    ],
    "additionalProperties": false
   },
   "ErrorLine": {
    "$ref": "#/components/schemas/Line"
   },
   "LastLines": {
    "type": "array",
    "items": {
     "$ref": "#/components/schemas/Line"
    }
   },
   "Verdict": {
    "$ref": "#/components/schemas/Verdict"
   }
  },
  "required": [
   "BuildRecordId",
   "Status",
   "LastLines"
  ],
  "additionalProperties": false
 },
 "CodeHost": {
  "type": "object",
  "properties": {
   "CodeRepoType": {
    "$ref": "#/components/schemas/CodeRepoType"
   },
   "BaseUrl": {
    "type": "string"
   },
   "User": {
    "type": "string"
   },
   "HasToken": {
    "type": "boolean"
   },
   "SshKey": {
    "type": "string",
    "description": "The fingerprint of the key that clones over SSH."
   },
   "HostKeys": {
    "type": "array",
    "items": {
     "type": "object",
     "properties": {
      "Type": {
       "type": "string"
      },
      "Fingerprint": {
       "type": "string"
      }
     },
     "required": [
      "Type",
      "Fingerprint"
     ],
     "additionalProperties": false
    }
   },
   "AllowPrivate": {
    "type": "boolean"
   },
   "CreateTime": {
    "$ref": "#/components/schemas/TimeMs"
   },
   "ModifiedTime": {
    "$ref": "#/components/schemas/TimeMs"
   }
  },
  "required": [
   "CodeRepoType",
   "BaseUrl",
   "HasToken",
   "AllowPrivate",
   "CreateTime",
   "ModifiedTime"
  ],
  "additionalProperties": false
 },
 "NewCodeHost": {
  "type": "object",
  "properties": {
   "BaseUrl": {
    "type": "string"
   },
   "User": {
    "type": "string"
   },
   "Token": {
    "type": "string"
   },
   "SshKey": {
    "type": "string",
    "maxLength": 16384,
    "description": "A private key in OpenSSH’s format, for an ssh:// base URL."
   },
   "KnownHosts": {
    "type": "string",
    "maxLength": 1048576,
    "description": "A known hosts file with the host’s keys; goes with SshKey."
   },
   "AllowPrivate": {
    "type": "boolean",
    "description": "Allow an address that is loopback, private or link-local."
   }
  },
  "required": [
   "BaseUrl"
  ],
  "additionalProperties": false
 },
 "Registry": {
  "type": "object",
  "properties": {
   "Host": {
    "type": "string"
   },
   "Mirrors": {
    "type": "array",
    "items": {
     "type": "string"
    }
   },
   "HasLogin": {
    "type": "boolean"
   },
   "User": {
    "type": "string"
   },
   "Namespaces": {
    "type": "array",
    "items": {
     "type": "string"
    }
   },
   "PlainHttp": {
    "type": "boolean"
   },
   "AllowPrivate": {
    "type": "boolean"
   },
   "CreateTime": {
    "$ref": "#/components/schemas/TimeMs"
   },
   "ModifiedTime": {
    "$ref": "#/components/schemas/TimeMs"
   }
  },
  "required": [
   "Host",
   "Mirrors",
   "HasLogin",
   "PlainHttp",
   "AllowPrivate",
   "CreateTime",
   "ModifiedTime"
  ],
  "additionalProperties": false
 },
 "NewRegistryLogin": {
  "type": "object",
  "properties": {
   "User": {
    "type": "string"
   },
   "Password": {
    "type": "string",
    "maxLength": 16384,
    "description": "A password or token; it never comes out again."
   },
   "Namespaces": {
    "type": "array",
    "items": {
     "type": "string"
    }
   }
  },
  "required": [
   "User",
   "Password"
  ],
  "additionalProperties": false
 },
 "RegistryMirrors": {
  "type": "object",
  "properties": {
   "Mirrors": {
    "type": "array",
    "items": {
     "type": "string"
    }
   }
  },
  "required": [
   "Mirrors"
  ],
  "additionalProperties": false
 },
 "RegistryReach": {
  "type": "object",
  "properties": {
   "PlainHttp": {
    "type": "boolean",
    "description": "It is spoken to without TLS."
   },
   "AllowPrivate": {
    "type": "boolean",
    "description": "Allow an address that is loopback, private or link-local."
   }
  },
  "required": [],
  "additionalProperties": false
 },
 "Token": {
  "type": "object",
  "properties": {
   "TokenId": {
    "type": "string"
   },
   "AccessKeyId": {
    "type": "string"
   },
   "CreateTime": {
    "$ref": "#/components/schemas/TimeMs"
   },
   "ExpireTime": {
    "$ref": "#/components/schemas/TimeMs"
   }
  },
  "required": [
   "TokenId",
   "AccessKeyId",
   "CreateTime",
   "ExpireTime"
  ],
  "additionalProperties": false
 },
 "NewSession": {
  "type": "object",
  "properties": {
   "AccessKeyId": {
    "type": "string"
   },
   "AccessKeySecret": {
    "type": "string"
   },
   "SecurityToken": {
    "type": "string"
   },
   "ExpireTime": {
    "$ref": "#/components/schemas/TimeMs"
   },
   "Arn": {
    "type": "string"
   },
   "InstanceId": {
    "type": "string"
   },
   "RegionId": {
    "type": "string"
   }
  },
  "required": [
   "AccessKeyId",
   "AccessKeySecret",
   "SecurityToken",
   "ExpireTime",
   "InstanceId",
   "RegionId"
  ],
  "additionalProperties": false
 },
 "PasswordSignIn": {
  "type": "object",
  "properties": {
   "UserName": {
    "type": "string",
    "maxLength": 256
   },
   "Password": {
    "type": "string",
    "maxLength": 1024
   },
   "NewPassword": {
    "type": "string",
    "maxLength": 1024
   }
  },
  "required": [
   "UserName",
   "Password"
  ],
  "additionalProperties": false
 },
 "MayQuestion": {
  "type": "object",
  "properties": {
   "Calls": {
    "type": "array",
    "items": {
     "type": "object",
     "properties": {
      "Action": {
       "type": "string",
       "description": "RAM action."
      },
      "Resource": {
       "type": "string",
       "description": "A path below the account, as `repository/cri-…`; `*` if absent."
      }
     },
     "required": [
      "Action"
     ],
     "additionalProperties": false
    },
    "maxItems": 50
   }
  },
  "required": [
   "Calls"
  ],
  "additionalProperties": false
 },
 "PolicyQuestion": {
  "type": "object",
  "description": "A call of somebody: a user, a role, or whoever has nothing but the policy document.",
  "properties": {
   "Action": {
    "type": "string"
   },
   "Resource": {
    "type": "string",
    "description": "`*` if absent."
   },
   "UserName": {
    "type": "string"
   },
   "RoleName": {
    "type": "string"
   },
   "PolicyDocument": {
    "type": "string",
    "maxLength": 16384
   },
   "SourceIp": {
    "type": "string"
   },
   "Time": {
    "type": "string",
    "description": "As in 2026-03-01T12:00:00Z; now if absent."
   },
   "SecureTransport": {
    "type": "boolean"
   }
  },
  "required": [
   "Action"
  ],
  "additionalProperties": false
 },
 "Call": {
  "type": "object",
  "properties": {
   "Time": {
    "$ref": "#/components/schemas/TimeMs"
   },
   "RequestId": {
    "type": "string",
    "description": "Of counted reads, that of the first."
   },
   "Caller": {
    "type": "string",
    "description": "Absent if the request was not signed by anybody."
   },
   "AccessKeyId": {
    "type": "string"
   },
   "Action": {
    "type": "string",
    "description": "RAM action; of a refusal before it was known, method and route."
   },
   "Resource": {
    "type": "string",
    "description": "Absent if the request was refused before authorization."
   },
   "SourceIp": {
    "type": "string"
   },
   "Denied": {
    "type": "boolean"
   },
   "Code": {
    "type": "string",
    "description": "success, or why not; allowed is a login to the registry."
   },
   "Count": {
    "type": "integer",
    "minimum": 1,
    "description": "Calls; reads that succeeded are counted by the minute."
   }
  },
  "required": [
   "Time",
   "Denied",
   "Code",
   "Count"
  ],
  "additionalProperties": false
 },
 "Bucket": {
  "type": "object",
  "properties": {
   "StartTime": {
    "$ref": "#/components/schemas/TimeMs"
   },
   "Succeeded": {
    "$ref": "#/components/schemas/Count"
   },
   "Failed": {
    "$ref": "#/components/schemas/Count"
   },
   "Cancelled": {
    "$ref": "#/components/schemas/Count"
   },
   "MeanDuration": {
    "type": "integer",
    "description": "Milliseconds from start to end."
   },
   "MeanWait": {
    "type": "integer",
    "description": "Milliseconds from request to start."
   }
  },
  "required": [
   "StartTime",
   "Succeeded",
   "Failed",
   "Cancelled"
  ],
  "additionalProperties": false
 },
 "DiffSide": {
  "type": "object",
  "properties": {
   "BuildStage": {
    "type": "string"
   },
   "Step": {
    "type": "integer"
   },
   "Place": {
    "$ref": "#/components/schemas/StepPlace"
   },
   "Instruction": {
    "type": "string"
   },
   "ExitCode": {
    "type": "integer"
   },
   "Lines": {
    "type": "array",
    "items": {
     "$ref": "#/components/schemas/Line"
    }
   }
  },
  "required": [
   "Lines"
  ],
  "additionalProperties": false
 },
 "Hit": {
  "type": "object",
  "properties": {
   "BuildRecordId": {
    "$ref": "#/components/schemas/Uuid"
   },
   "Line": {
    "$ref": "#/components/schemas/Line"
   },
   "Before": {
    "type": "array",
    "items": {
     "$ref": "#/components/schemas/Line"
    }
   },
   "After": {
    "type": "array",
    "items": {
     "$ref": "#/components/schemas/Line"
    }
   }
  },
  "required": [
   "BuildRecordId",
   "Line",
   "Before",
   "After"
  ],
  "additionalProperties": false
 },
 "Verification": {
  "type": "object",
  "properties": {
   "BuildRecordId": {
    "$ref": "#/components/schemas/Uuid"
   },
   "Sealed": {
    "type": "boolean"
   },
   "TotalCount": {
    "type": "integer"
   },
   "Damage": {
    "type": "array",
    "items": {
     "type": "object",
     "properties": {
      "Block": {
       "type": "integer"
      },
      "FirstLine": {
       "type": "integer"
      },
      "LastLine": {
       "type": "integer"
      },
      "Reason": {
       "type": "string"
      }
     },
     "required": [
      "Reason"
     ],
     "additionalProperties": false
    }
   }
  },
  "required": [
   "BuildRecordId",
   "Sealed",
   "TotalCount",
   "Damage"
  ],
  "additionalProperties": false
 },
 "Section": {
  "type": "object",
  "properties": {
   "BuildStage": {
    "$ref": "#/components/schemas/BuildStage"
   },
   "Step": {
    "type": "integer"
   },
   "Attempt": {
    "type": "integer"
   },
   "Place": {
    "$ref": "#/components/schemas/StepPlace"
   },
   "Instruction": {
    "type": "string"
   },
   "Platform": {
    "type": "string",
    "description": "What the step runs on, in a build that is not for the platform of the server’s machine alone."
   },
   "FirstLine": {
    "type": "integer"
   },
   "LineCount": {
    "type": "integer"
   },
   "StartTime": {
    "$ref": "#/components/schemas/TimeMs"
   },
   "EndTime": {
    "$ref": "#/components/schemas/TimeMs"
   }
  },
  "required": [
   "BuildStage",
   "Step",
   "Attempt",
   "FirstLine",
   "LineCount"
  ],
  "additionalProperties": false
 },
 "EndEvent": {
  "type": "object",
  "properties": {
   "Status": {
    "$ref": "#/components/schemas/BuildStatus"
   },
   "Failure": {
    "$ref": "#/components/schemas/Failure"
   },
   "TotalCount": {
    "type": "integer"
   },
   "Seal": {
    "$ref": "#/components/schemas/Seal"
   }
  },
  "required": [
   "TotalCount"
  ],
  "additionalProperties": false
 },
 "CreateSourceReply": {
  "type": "object",
  "properties": {
   "RequestId": {
    "$ref": "#/components/schemas/RequestId"
   },
   "ArchiveId": {
    "$ref": "#/components/schemas/Uuid"
   }
  },
  "required": [
   "RequestId",
   "ArchiveId"
  ],
  "additionalProperties": false
 },
 "ListBuildSecretsReply": {
  "type": "object",
  "properties": {
   "RequestId": {
    "$ref": "#/components/schemas/RequestId"
   },
   "Secrets": {
    "type": "array",
    "items": {
     "$ref": "#/components/schemas/BuildSecret"
    }
   }
  },
  "required": [
   "RequestId",
   "Secrets"
  ],
  "additionalProperties": false
 },
 "ListCachesReply": {
  "type": "object",
  "properties": {
   "RequestId": {
    "$ref": "#/components/schemas/RequestId"
   },
   "Caches": {
    "type": "array",
    "items": {
     "$ref": "#/components/schemas/Cache"
    }
   }
  },
  "required": [
   "RequestId",
   "Caches"
  ],
  "additionalProperties": false
 },
 "RemoveCachesReply": {
  "type": "object",
  "properties": {
   "RequestId": {
    "$ref": "#/components/schemas/RequestId"
   },
   "Removed": {
    "type": "array",
    "items": {
     "$ref": "#/components/schemas/Cache"
    }
   },
   "Kept": {
    "type": "array",
    "items": {
     "$ref": "#/components/schemas/Cache"
    }
   }
  },
  "required": [
   "RequestId",
   "Removed",
   "Kept"
  ],
  "additionalProperties": false
 },
 "SetBuildSecretReply": {
  "type": "object",
  "properties": {
   "RequestId": {
    "$ref": "#/components/schemas/RequestId"
   },
   "Name": {
    "type": "string"
   },
   "Repository": {
    "type": "string",
    "description": "Absent if it is for all repositories of the instance."
   },
   "CreateTime": {
    "$ref": "#/components/schemas/TimeMs"
   },
   "ModifiedTime": {
    "$ref": "#/components/schemas/TimeMs"
   }
  },
  "required": [
   "RequestId",
   "Name",
   "CreateTime",
   "ModifiedTime"
  ],
  "additionalProperties": false
 },
 "RemoveBuildSecretReply": {
  "type": "object",
  "properties": {
   "RequestId": {
    "$ref": "#/components/schemas/RequestId"
   }
  },
  "required": [
   "RequestId"
  ],
  "additionalProperties": false
 },
 "ListBuildsReply": {
  "type": "object",
  "properties": {
   "RequestId": {
    "$ref": "#/components/schemas/RequestId"
   },
   "Builds": {
    "type": "array",
    "items": {
     "$ref": "#/components/schemas/Build"
    }
   },
   "Cursor": {
    "$ref": "#/components/schemas/Cursor"
   }
  },
  "required": [
   "RequestId",
   "Builds"
  ],
  "additionalProperties": false
 },
 "CreateBuildReply": {
  "type": "object",
  "properties": {
   "RequestId": {
    "$ref": "#/components/schemas/RequestId"
   },
   "BuildRecordId": {
    "$ref": "#/components/schemas/Uuid"
   },
   "InstanceId": {
    "type": "string"
   },
   "RepoId": {
    "type": "string"
   }
  },
  "required": [
   "RequestId",
   "BuildRecordId",
   "InstanceId",
   "RepoId"
  ],
  "additionalProperties": false
 },
 "GetBuildReply": {
  "type": "object",
  "properties": {
   "RequestId": {
    "$ref": "#/components/schemas/RequestId"
   },
   "BuildRecordId": {
    "$ref": "#/components/schemas/Uuid"
   },
   "InstanceId": {
    "type": "string"
   },
   "RepoId": {
    "type": "string"
   },
   "Repository": {
    "type": "string",
    "description": "NAMESPACE/NAME"
   },
   "ImageTag": {
    "type": "string"
   },
   "Status": {
    "$ref": "#/components/schemas/BuildStatus"
   },
   "Failure": {
    "$ref": "#/components/schemas/Failure"
   },
   "ImageDigest": {
    "type": "string"
   },
   "CommitId": {
    "type": "string"
   },
   "CommitAuthor": {
    "type": "string"
   },
   "CommitMessage": {
    "type": "string",
    "description": "The first line of the commit’s message."
   },
   "BaseImages": {
    "type": "array",
    "items": {
     "type": "object",
     "properties": {
      "Name": {
       "type": "string"
      },
      "Digest": {
       "type": "string"
      },
      "Platform": {
       "type": "string"
      }
     },
     "required": [
      "Name",
      "Digest"
     ],
     "additionalProperties": false
    }
   },
   "BuildRuleId": {
    "type": "string"
   },
   "Requesters": {
    "type": "array",
    "items": {
     "type": "object",
     "properties": {
      "Part": {
       "type": "string",
       "enum": [
        "call",
        "rule",
        "source",
        "record"
       ],
       "description": "The caller; who made or last changed rule and source; who asked for the build that it repeats."
      },
      "Arn": {
       "type": "string"
      }
     },
     "required": [
      "Part"
     ],
     "additionalProperties": false
    }
   },
   "Source": {
    "type": "object",
    "properties": {
     "Kind": {
      "type": "string",
      "enum": [
       "git",
       "code-host",
       "archive"
      ]
     },
     "Name": {
      "type": "string"
     },
     "Url": {
      "type": "string"
     },
     "Ref": {
      "type": "string"
     }
    },
    "required": [
     "Kind"
    ],
    "additionalProperties": false
   },
   "Options": {
    "$ref": "#/components/schemas/ShownBuildOptions"
   },
   "Attempt": {
    "type": "integer",
    "minimum": 0,
    "description": "How often it was started; 0 if it still waits."
   },
   "SupersededBy": {
    "type": "string",
    "format": "uuid",
    "description": "The newer build for which this one was cancelled or, if this one succeeded, that had its tag before it."
   },
   "CreateTime": {
    "$ref": "#/components/schemas/TimeMs"
   },
   "StartTime": {
    "$ref": "#/components/schemas/TimeMs"
   },
   "EndTime": {
    "$ref": "#/components/schemas/TimeMs"
   },
   "LogExpireTime": {
    "type": "integer",
    "description": "When the log was removed, in milliseconds since 1970-01-01 UTC."
   },
   "QueuePosition": {
    "type": "integer"
   },
   "ExpectedDuration": {
    "type": "integer",
    "description": "Milliseconds, by the last good builds."
   },
   "LineCount": {
    "type": "integer"
   },
   "Seal": {
    "$ref": "#/components/schemas/Seal"
   }
  },
  "required": [
   "RequestId",
   "BuildRecordId",
   "InstanceId",
   "RepoId",
   "Repository",
   "ImageTag",
   "Status",
   "Source",
   "Options",
   "Attempt",
   "CreateTime",
   "LineCount"
  ],
  "additionalProperties": false
 },
 "ListStepsReply": {
  "type": "object",
  "properties": {
   "RequestId": {
    "$ref": "#/components/schemas/RequestId"
   },
   "BuildRecordId": {
    "$ref": "#/components/schemas/Uuid"
   },
   "Status": {
    "$ref": "#/components/schemas/BuildStatus"
   },
   "Steps": {
    "type": "array",
    "items": {
     "$ref": "#/components/schemas/Step"
    }
   }
  },
  "required": [
   "RequestId",
   "BuildRecordId",
   "Status",
   "Steps"
  ],
  "additionalProperties": false
 },
 "ListCodeHostsReply": {
  "type": "object",
  "properties": {
   "RequestId": {
    "$ref": "#/components/schemas/RequestId"
   },
   "Sources": {
    "type": "array",
    "items": {
     "$ref": "#/components/schemas/CodeHost"
    }
   }
  },
  "required": [
   "RequestId",
   "Sources"
  ],
  "additionalProperties": false
 },
 "SetCodeHostReply": {
  "type": "object",
  "properties": {
   "RequestId": {
    "$ref": "#/components/schemas/RequestId"
   },
   "CodeRepoType": {
    "$ref": "#/components/schemas/CodeRepoType"
   },
   "BaseUrl": {
    "type": "string"
   },
   "User": {
    "type": "string"
   },
   "HasToken": {
    "type": "boolean"
   },
   "SshKey": {
    "type": "string",
    "description": "The fingerprint of the key that clones over SSH."
   },
   "HostKeys": {
    "type": "array",
    "items": {
     "type": "object",
     "properties": {
      "Type": {
       "type": "string"
      },
      "Fingerprint": {
       "type": "string"
      }
     },
     "required": [
      "Type",
      "Fingerprint"
     ],
     "additionalProperties": false
    }
   },
   "AllowPrivate": {
    "type": "boolean"
   },
   "CreateTime": {
    "$ref": "#/components/schemas/TimeMs"
   },
   "ModifiedTime": {
    "$ref": "#/components/schemas/TimeMs"
   }
  },
  "required": [
   "RequestId",
   "CodeRepoType",
   "BaseUrl",
   "HasToken",
   "AllowPrivate",
   "CreateTime",
   "ModifiedTime"
  ],
  "additionalProperties": false
 },
 "RemoveCodeHostReply": {
  "type": "object",
  "properties": {
   "RequestId": {
    "$ref": "#/components/schemas/RequestId"
   }
  },
  "required": [
   "RequestId"
  ],
  "additionalProperties": false
 },
 "ListRegistriesReply": {
  "type": "object",
  "properties": {
   "RequestId": {
    "$ref": "#/components/schemas/RequestId"
   },
   "Registries": {
    "type": "array",
    "items": {
     "$ref": "#/components/schemas/Registry"
    }
   }
  },
  "required": [
   "RequestId",
   "Registries"
  ],
  "additionalProperties": false
 },
 "SetRegistryLoginReply": {
  "type": "object",
  "properties": {
   "RequestId": {
    "$ref": "#/components/schemas/RequestId"
   },
   "Host": {
    "type": "string"
   },
   "Mirrors": {
    "type": "array",
    "items": {
     "type": "string"
    }
   },
   "HasLogin": {
    "type": "boolean"
   },
   "User": {
    "type": "string"
   },
   "Namespaces": {
    "type": "array",
    "items": {
     "type": "string"
    }
   },
   "PlainHttp": {
    "type": "boolean"
   },
   "AllowPrivate": {
    "type": "boolean"
   },
   "CreateTime": {
    "$ref": "#/components/schemas/TimeMs"
   },
   "ModifiedTime": {
    "$ref": "#/components/schemas/TimeMs"
   }
  },
  "required": [
   "RequestId",
   "Host",
   "Mirrors",
   "HasLogin",
   "PlainHttp",
   "AllowPrivate",
   "CreateTime",
   "ModifiedTime"
  ],
  "additionalProperties": false
 },
 "RemoveRegistryLoginReply": {
  "type": "object",
  "properties": {
   "RequestId": {
    "$ref": "#/components/schemas/RequestId"
   },
   "Host": {
    "type": "string"
   },
   "Mirrors": {
    "type": "array",
    "items": {
     "type": "string"
    }
   },
   "HasLogin": {
    "type": "boolean"
   },
   "User": {
    "type": "string"
   },
   "Namespaces": {
    "type": "array",
    "items": {
     "type": "string"
    }
   },
   "PlainHttp": {
    "type": "boolean"
   },
   "AllowPrivate": {
    "type": "boolean"
   },
   "CreateTime": {
    "$ref": "#/components/schemas/TimeMs"
   },
   "ModifiedTime": {
    "$ref": "#/components/schemas/TimeMs"
   }
  },
  "required": [
   "RequestId",
   "Host",
   "Mirrors",
   "HasLogin",
   "PlainHttp",
   "AllowPrivate",
   "CreateTime",
   "ModifiedTime"
  ],
  "additionalProperties": false
 },
 "SetRegistryMirrorsReply": {
  "type": "object",
  "properties": {
   "RequestId": {
    "$ref": "#/components/schemas/RequestId"
   },
   "Host": {
    "type": "string"
   },
   "Mirrors": {
    "type": "array",
    "items": {
     "type": "string"
    }
   },
   "HasLogin": {
    "type": "boolean"
   },
   "User": {
    "type": "string"
   },
   "Namespaces": {
    "type": "array",
    "items": {
     "type": "string"
    }
   },
   "PlainHttp": {
    "type": "boolean"
   },
   "AllowPrivate": {
    "type": "boolean"
   },
   "CreateTime": {
    "$ref": "#/components/schemas/TimeMs"
   },
   "ModifiedTime": {
    "$ref": "#/components/schemas/TimeMs"
   }
  },
  "required": [
   "RequestId",
   "Host",
   "Mirrors",
   "HasLogin",
   "PlainHttp",
   "AllowPrivate",
   "CreateTime",
   "ModifiedTime"
  ],
  "additionalProperties": false
 },
 "SetRegistryReachReply": {
  "type": "object",
  "properties": {
   "RequestId": {
    "$ref": "#/components/schemas/RequestId"
   },
   "Host": {
    "type": "string"
   },
   "Mirrors": {
    "type": "array",
    "items": {
     "type": "string"
    }
   },
   "HasLogin": {
    "type": "boolean"
   },
   "User": {
    "type": "string"
   },
   "Namespaces": {
    "type": "array",
    "items": {
     "type": "string"
    }
   },
   "PlainHttp": {
    "type": "boolean"
   },
   "AllowPrivate": {
    "type": "boolean"
   },
   "CreateTime": {
    "$ref": "#/components/schemas/TimeMs"
   },
   "ModifiedTime": {
    "$ref": "#/components/schemas/TimeMs"
   }
  },
  "required": [
   "RequestId",
   "Host",
   "Mirrors",
   "HasLogin",
   "PlainHttp",
   "AllowPrivate",
   "CreateTime",
   "ModifiedTime"
  ],
  "additionalProperties": false
 },
 "RemoveRegistryReply": {
  "type": "object",
  "properties": {
   "RequestId": {
    "$ref": "#/components/schemas/RequestId"
   }
  },
  "required": [
   "RequestId"
  ],
  "additionalProperties": false
 },
 "CreateHookReply": {
  "type": "object",
  "properties": {
   "RequestId": {
    "$ref": "#/components/schemas/RequestId"
   },
   "Url": {
    "type": "string"
   },
   "Secret": {
    "type": "string",
    "description": "Shown only now."
   },
   "AutoBuild": {
    "type": "boolean",
    "description": "Whether pushes start builds; absent without a source."
   }
  },
  "required": [
   "RequestId",
   "Url",
   "Secret"
  ],
  "additionalProperties": false
 },
 "ListTagsReply": {
  "type": "object",
  "properties": {
   "RequestId": {
    "$ref": "#/components/schemas/RequestId"
   },
   "Tags": {
    "type": "array",
    "items": {
     "$ref": "#/components/schemas/ImageTag"
    }
   },
   "TotalCount": {
    "$ref": "#/components/schemas/Count"
   },
   "Cursor": {
    "$ref": "#/components/schemas/Cursor"
   }
  },
  "required": [
   "RequestId",
   "Tags",
   "TotalCount"
  ],
  "additionalProperties": false
 },
 "GetStatisticsReply": {
  "type": "object",
  "properties": {
   "RequestId": {
    "$ref": "#/components/schemas/RequestId"
   },
   "BucketLength": {
    "type": "integer",
    "description": "Milliseconds."
   },
   "Buckets": {
    "type": "array",
    "items": {
     "$ref": "#/components/schemas/Bucket"
    }
   }
  },
  "required": [
   "RequestId",
   "BucketLength",
   "Buckets"
  ],
  "additionalProperties": false
 },
 "ListSectionsReply": {
  "type": "object",
  "properties": {
   "RequestId": {
    "$ref": "#/components/schemas/RequestId"
   },
   "BuildRecordId": {
    "$ref": "#/components/schemas/Uuid"
   },
   "Sections": {
    "type": "array",
    "items": {
     "$ref": "#/components/schemas/Section"
    }
   }
  },
  "required": [
   "RequestId",
   "BuildRecordId",
   "Sections"
  ],
  "additionalProperties": false
 },
 "DiffBuildsReply": {
  "type": "object",
  "properties": {
   "RequestId": {
    "$ref": "#/components/schemas/RequestId"
   },
   "BuildRecordId": {
    "$ref": "#/components/schemas/Uuid"
   },
   "Status": {
    "$ref": "#/components/schemas/BuildStatus"
   },
   "WithBuildRecordId": {
    "$ref": "#/components/schemas/Uuid"
   },
   "WithStatus": {
    "$ref": "#/components/schemas/BuildStatus"
   },
   "CommitId": {
    "type": "string"
   },
   "WithCommitId": {
    "type": "string"
   },
   "BaseImages": {
    "type": "array",
    "items": {
     "type": "object",
     "properties": {
      "Name": {
       "type": "string"
      },
      "Digest": {
       "type": "string"
      },
      "WithDigest": {
       "type": "string"
      }
     },
     "required": [
      "Name"
     ],
     "additionalProperties": false
    }
   },
   "First": {
    "type": "object",
    "properties": {
     "Kind": {
      "type": "string",
      "enum": [
       "lines",
       "exit-code",
       "step"
      ]
     },
     "Build": {
      "$ref": "#/components/schemas/DiffSide"
     },
     "With": {
      "$ref": "#/components/schemas/DiffSide"
     }
    },
    "required": [
     "Kind",
     "Build",
     "With"
    ],
    "additionalProperties": false
   },
   "ComparedLines": {
    "type": "integer"
   },
   "Complete": {
    "type": "boolean"
   }
  },
  "required": [
   "RequestId",
   "BuildRecordId",
   "Status",
   "WithBuildRecordId",
   "WithStatus",
   "BaseImages",
   "ComparedLines",
   "Complete"
  ],
  "additionalProperties": false
 },
 "GetCardReply": {
  "type": "object",
  "description": "What a reader of a failed build looks for first.",
  "properties": {
   "RequestId": {
    "$ref": "#/components/schemas/RequestId"
   },
   "BuildRecordId": {
    "$ref": "#/components/schemas/Uuid"
   },
   "Status": {
    "$ref": "#/components/schemas/BuildStatus"
   },
   "Failure": {
    "$ref": "#/components/schemas/Failure"
   },
   "ExitCode": {
    "type": "integer"
   },
   "Step": {
    "type": "object",
    "properties": {
     "BuildStage": {
      "$ref": "#/components/schemas/BuildStage"
     },
     "Step": {
      "type": "integer"
     },
     "Place": {
      "$ref": "#/components/schemas/StepPlace"
     },
     "Instruction": {
      "type": "string"
     },
     "FirstLine": {
      "type": "integer"
     }
    },
    "required": [
     "BuildStage",
     "Step",
     "FirstLine"
    ],
    "additionalProperties": false
   },
   "Dockerfile": {
    "type": "object",
    "description": "Where the Dockerfile has the failing step, or names the base image that could not be fetched; the first lines of a long instruction.",
    "properties": {
     "Path": {
      "type": "string"
     },
     "FirstLine": {
      "type": "integer"
     },
     "LastLine": {
      "type": "integer"
     },
     "Lines": {
      "type": "array",
      "items": {
       "type": "string"
      }
     }
    },
    "required": [
     "Path",
     "FirstLine",
     "LastLine",
     "Lines"
    ],
    "additionalProperties": false
   },
   "ErrorLine": {
    "$ref": "#/components/schemas/Line"
   },
   "LastLines": {
    "type": "array",
    "items": {
     "$ref": "#/components/schemas/Line"
    }
   },
   "Verdict": {
    "$ref": "#/components/schemas/Verdict"
   }
  },
  "required": [
   "RequestId",
   "BuildRecordId",
   "Status",
   "LastLines"
  ],
  "additionalProperties": false
 },
 "GetLogPageReply": {
  "type": "object",
  "properties": {
   "RequestId": {
    "$ref": "#/components/schemas/RequestId"
   },
   "BuildRecordId": {
    "$ref": "#/components/schemas/Uuid"
   },
   "Status": {
    "$ref": "#/components/schemas/BuildStatus"
   },
   "Offset": {
    "type": "integer"
   },
   "TotalCount": {
    "type": "integer"
   },
   "NextOffset": {
    "type": "integer",
    "description": "Where to go on; absent at the end."
   },
   "Sealed": {
    "type": "boolean"
   },
   "Verdict": {
    "$ref": "#/components/schemas/Verdict"
   },
   "Lines": {
    "type": "array",
    "items": {
     "$ref": "#/components/schemas/Line"
    }
   }
  },
  "required": [
   "RequestId",
   "BuildRecordId",
   "Status",
   "Offset",
   "TotalCount",
   "Sealed",
   "Lines"
  ],
  "additionalProperties": false
 },
 "GetSealReply": {
  "type": "object",
  "properties": {
   "RequestId": {
    "$ref": "#/components/schemas/RequestId"
   },
   "BuildRecordId": {
    "$ref": "#/components/schemas/Uuid"
   },
   "Status": {
    "$ref": "#/components/schemas/BuildStatus"
   },
   "Sealed": {
    "type": "boolean"
   },
   "LogExpireTime": {
    "$ref": "#/components/schemas/TimeMs"
   },
   "Seal": {
    "$ref": "#/components/schemas/Seal"
   }
  },
  "required": [
   "RequestId",
   "BuildRecordId",
   "Status",
   "Sealed"
  ],
  "additionalProperties": false
 },
 "VerifyLogReply": {
  "type": "object",
  "properties": {
   "RequestId": {
    "$ref": "#/components/schemas/RequestId"
   },
   "BuildRecordId": {
    "$ref": "#/components/schemas/Uuid"
   },
   "Sealed": {
    "type": "boolean"
   },
   "TotalCount": {
    "type": "integer"
   },
   "Damage": {
    "type": "array",
    "items": {
     "type": "object",
     "properties": {
      "Block": {
       "type": "integer"
      },
      "FirstLine": {
       "type": "integer"
      },
      "LastLine": {
       "type": "integer"
      },
      "Reason": {
       "type": "string"
      }
     },
     "required": [
      "Reason"
     ],
     "additionalProperties": false
    }
   }
  },
  "required": [
   "RequestId",
   "BuildRecordId",
   "Sealed",
   "TotalCount",
   "Damage"
  ],
  "additionalProperties": false
 },
 "RepairLogReply": {
  "type": "object",
  "properties": {
   "RequestId": {
    "$ref": "#/components/schemas/RequestId"
   },
   "BuildRecordId": {
    "$ref": "#/components/schemas/Uuid"
   },
   "Sealed": {
    "type": "boolean"
   },
   "TotalCount": {
    "type": "integer"
   },
   "Damage": {
    "type": "array",
    "items": {
     "type": "object",
     "properties": {
      "Block": {
       "type": "integer"
      },
      "FirstLine": {
       "type": "integer"
      },
      "LastLine": {
       "type": "integer"
      },
      "Reason": {
       "type": "string"
      }
     },
     "required": [
      "Reason"
     ],
     "additionalProperties": false
    }
   },
   "Repaired": {
    "type": "boolean"
   },
   "Seal": {
    "$ref": "#/components/schemas/Seal"
   }
  },
  "required": [
   "RequestId",
   "BuildRecordId",
   "Sealed",
   "TotalCount",
   "Damage",
   "Repaired"
  ],
  "additionalProperties": false
 },
 "SearchLogReply": {
  "type": "object",
  "properties": {
   "RequestId": {
    "$ref": "#/components/schemas/RequestId"
   },
   "Hits": {
    "type": "array",
    "items": {
     "$ref": "#/components/schemas/Hit"
    }
   },
   "ScannedBytes": {
    "type": "integer"
   },
   "Cursor": {
    "$ref": "#/components/schemas/Cursor"
   }
  },
  "required": [
   "RequestId",
   "Hits",
   "ScannedBytes"
  ],
  "additionalProperties": false
 },
 "SearchLogsReply": {
  "type": "object",
  "properties": {
   "RequestId": {
    "$ref": "#/components/schemas/RequestId"
   },
   "Hits": {
    "type": "array",
    "items": {
     "$ref": "#/components/schemas/Hit"
    }
   },
   "ScannedBytes": {
    "type": "integer"
   },
   "Cursor": {
    "$ref": "#/components/schemas/Cursor"
   }
  },
  "required": [
   "RequestId",
   "Hits",
   "ScannedBytes"
  ],
  "additionalProperties": false
 },
 "ListCallsReply": {
  "type": "object",
  "properties": {
   "RequestId": {
    "$ref": "#/components/schemas/RequestId"
   },
   "Calls": {
    "type": "array",
    "items": {
     "$ref": "#/components/schemas/Call"
    }
   },
   "Cursor": {
    "$ref": "#/components/schemas/Cursor"
   }
  },
  "required": [
   "RequestId",
   "Calls"
  ],
  "additionalProperties": false
 },
 "SimulatePolicyReply": {
  "type": "object",
  "properties": {
   "RequestId": {
    "$ref": "#/components/schemas/RequestId"
   },
   "Allowed": {
    "type": "boolean"
   },
   "Reason": {
    "type": "string"
   },
   "Explanation": {
    "type": "string"
   },
   "Considered": {
    "type": "array",
    "items": {
     "type": "object",
     "properties": {
      "Policy": {
       "type": "string"
      },
      "Statement": {
       "type": "integer"
      },
      "Effect": {
       "type": "string"
      },
      "Outcome": {
       "type": "string"
      }
     },
     "required": [
      "Policy",
      "Statement",
      "Effect",
      "Outcome"
     ],
     "additionalProperties": false
    }
   }
  },
  "required": [
   "RequestId",
   "Allowed",
   "Reason",
   "Explanation",
   "Considered"
  ],
  "additionalProperties": false
 },
 "ListTokensReply": {
  "type": "object",
  "properties": {
   "RequestId": {
    "$ref": "#/components/schemas/RequestId"
   },
   "Tokens": {
    "type": "array",
    "items": {
     "$ref": "#/components/schemas/Token"
    }
   }
  },
  "required": [
   "RequestId",
   "Tokens"
  ],
  "additionalProperties": false
 },
 "CreateTokenReply": {
  "type": "object",
  "properties": {
   "RequestId": {
    "$ref": "#/components/schemas/RequestId"
   },
   "TokenId": {
    "type": "string"
   },
   "AccessKeyId": {
    "type": "string"
   },
   "CreateTime": {
    "$ref": "#/components/schemas/TimeMs"
   },
   "ExpireTime": {
    "$ref": "#/components/schemas/TimeMs"
   },
   "Token": {
    "type": "string"
   }
  },
  "required": [
   "RequestId",
   "TokenId",
   "AccessKeyId",
   "CreateTime",
   "ExpireTime",
   "Token"
  ],
  "additionalProperties": false
 },
 "DeleteTokenReply": {
  "type": "object",
  "properties": {
   "RequestId": {
    "$ref": "#/components/schemas/RequestId"
   }
  },
  "required": [
   "RequestId"
  ],
  "additionalProperties": false
 },
 "GetServerReply": {
  "type": "object",
  "properties": {
   "RequestId": {
    "$ref": "#/components/schemas/RequestId"
   },
   "InstanceId": {
    "type": "string"
   },
   "Version": {
    "type": "string"
   },
   "PublicUrl": {
    "type": "string",
    "description": "How clients reach the port, if that is set."
   }
  },
  "required": [
   "RequestId",
   "InstanceId",
   "Version"
  ],
  "additionalProperties": false
 },
 "OpenSessionReply": {
  "type": "object",
  "properties": {
   "RequestId": {
    "$ref": "#/components/schemas/RequestId"
   },
   "AccessKeyId": {
    "type": "string"
   },
   "AccessKeySecret": {
    "type": "string"
   },
   "SecurityToken": {
    "type": "string"
   },
   "ExpireTime": {
    "$ref": "#/components/schemas/TimeMs"
   },
   "Arn": {
    "type": "string"
   },
   "InstanceId": {
    "type": "string"
   },
   "RegionId": {
    "type": "string"
   }
  },
  "required": [
   "RequestId",
   "AccessKeyId",
   "AccessKeySecret",
   "SecurityToken",
   "ExpireTime",
   "InstanceId",
   "RegionId"
  ],
  "additionalProperties": false
 },
 "CloseSessionReply": {
  "type": "object",
  "properties": {
   "RequestId": {
    "$ref": "#/components/schemas/RequestId"
   }
  },
  "required": [
   "RequestId"
  ],
  "additionalProperties": false
 },
 "OpenSessionByPasswordReply": {
  "type": "object",
  "properties": {
   "RequestId": {
    "$ref": "#/components/schemas/RequestId"
   },
   "AccessKeyId": {
    "type": "string"
   },
   "AccessKeySecret": {
    "type": "string"
   },
   "SecurityToken": {
    "type": "string"
   },
   "ExpireTime": {
    "$ref": "#/components/schemas/TimeMs"
   },
   "Arn": {
    "type": "string"
   },
   "InstanceId": {
    "type": "string"
   },
   "RegionId": {
    "type": "string"
   }
  },
  "required": [
   "RequestId",
   "AccessKeyId",
   "AccessKeySecret",
   "SecurityToken",
   "ExpireTime",
   "InstanceId",
   "RegionId"
  ],
  "additionalProperties": false
 },
 "RenewSessionReply": {
  "type": "object",
  "properties": {
   "RequestId": {
    "$ref": "#/components/schemas/RequestId"
   },
   "AccessKeyId": {
    "type": "string"
   },
   "AccessKeySecret": {
    "type": "string"
   },
   "SecurityToken": {
    "type": "string"
   },
   "ExpireTime": {
    "$ref": "#/components/schemas/TimeMs"
   },
   "Arn": {
    "type": "string"
   },
   "InstanceId": {
    "type": "string"
   },
   "RegionId": {
    "type": "string"
   }
  },
  "required": [
   "RequestId",
   "AccessKeyId",
   "AccessKeySecret",
   "SecurityToken",
   "ExpireTime",
   "InstanceId",
   "RegionId"
  ],
  "additionalProperties": false
 },
 "MayCallerReply": {
  "type": "object",
  "properties": {
   "RequestId": {
    "$ref": "#/components/schemas/RequestId"
   },
   "Allowed": {
    "type": "array",
    "items": {
     "type": "boolean"
    }
   }
  },
  "required": [
   "RequestId",
   "Allowed"
  ],
  "additionalProperties": false
 }
};
