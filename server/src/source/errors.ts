import { ApiError } from '#rpc/errors/api-error.ts';

export function sourceBindingNotFound(): ApiError {
  return new ApiError(
    'SOURCE_CODE_REPO_NOT_EXIST',
    404,
    'The repository has no source. Bind it with CreateRepoSourceCodeRepo first.',
  );
}

export function sourceBindingExists(): ApiError {
  return new ApiError('SOURCE_CODE_REPO_ALREADY_EXIST', 409, 'The repository already has a source.');
}

export function sourceArchiveNotFound(): ApiError {
  return new ApiError('SOURCE_ARCHIVE_NOT_EXIST', 404, 'The specified source archive does not exist.');
}

export function sourceArchiveDamaged(): ApiError {
  return new ApiError('SOURCE_ARCHIVE_DAMAGED', 409, 'The earlier source is damaged. Send the whole source.');
}

export function codeHostNotFound(): ApiError {
  return new ApiError('CODE_HOST_NOT_EXIST', 404, 'No code host of this kind is set.');
}

export function baseRegistryNotFound(host: string): ApiError {
  return new ApiError('BASE_REGISTRY_NOT_EXIST', 404, `The registry ${host} has no settings.`);
}

export function pushHookNotFound(): ApiError {
  return new ApiError('HOOK_NOT_EXIST', 404, 'The specified hook does not exist.');
}

export function pushSignatureRefused(reason: string): ApiError {
  return new ApiError('HOOK_SIGNATURE_REFUSED', 403, `The push event is not accepted: ${reason}`);
}

export function hookDeliveryNotFound(): ApiError {
  return new ApiError('HOOK_DELIVERY_NOT_EXIST', 404, 'The specified delivery does not exist.');
}

export function deliveryHasNoEvent(): ApiError {
  return new ApiError(
    'HOOK_DELIVERY_EMPTY',
    400,
    'The delivery reported nothing that can be built, or was refused: let the code host send it again.',
  );
}
